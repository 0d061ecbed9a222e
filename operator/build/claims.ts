/** The claims that a job's areas lie on, and how pods mount them. */
import { areaNames } from '../../crds/v1alpha1/area.ts';
import type { PinnedJobSpec } from '../../crds/v1alpha1/job.ts';
import { mountPaths } from './worker-container.ts';

export interface Claim {
  readonly name: string;
  /** True where the claim holds the source and nothing that is written. */
  readonly readOnly: boolean;
  /** True where originals lie on it. */
  readonly holdsSource: boolean;
}

/** Each claim once, in the order in which the areas name them. */
export function claimsOf(spec: Pick<PinnedJobSpec, (typeof areaNames)[number]>): readonly Claim[] {
  const areasOf = new Map<string, string[]>();
  for (const area of areaNames) {
    const claim = spec[area].volume?.claimName;
    if (claim !== undefined) areasOf.set(claim, [...(areasOf.get(claim) ?? []), area]);
  }
  return [...areasOf].map(([name, areas]) => ({
    name,
    readOnly: areas.every((area) => area === 'source'),
    holdsSource: areas.includes('source'),
  }));
}

/** Folder that a claim is mounted at. */
export function mountPath(claim: string): string {
  return `${mountPaths.volumes}/${claim}`;
}
