/** What a schema cannot see in a job: fields that exclude each other, areas that lie nowhere, and areas that overlap. */
import { type Problem, problem } from '../schema/problem.ts';
import { type AreaName, areaNames, areaPairs, overlaps } from './area.ts';
import type { PinnedJobSpec } from './job.ts';

function profileRefProblems({ profileRef }: PinnedJobSpec): Problem[] {
  const at = ['spec', 'profileRef'];
  if (profileRef.name !== undefined && profileRef.builtin !== undefined) {
    return [problem('Conflict', at, 'names two profiles', 'Remove name or builtin.')];
  }
  return profileRef.name === undefined && profileRef.builtin === undefined
    ? [problem('Missing', at, 'names no profile', 'Set name, or builtin to basic, research or strict.')]
    : [];
}

/** Says where the area lies and how it is kept, where its fields cannot say so together. */
function placeProblems(spec: PinnedJobSpec, area: AreaName): Problem[] {
  const place = spec[area];
  const at = ['spec', area];
  if (place.volume === undefined && place.s3 === undefined) {
    return [problem('Missing', at, 'lies nowhere', 'Say where by volume or s3.')];
  }
  if (place.volume !== undefined && place.s3 !== undefined) {
    return [problem('Conflict', at, 'lies in two places', 'Remove volume or s3.')];
  }
  return place.s3 === undefined && 'encryption' in place
    ? [problem('Conflict', [...at, 'encryption'], 'is for areas in S3', 'Remove it, or name a bucket.')]
    : [];
}

function overlapProblems(spec: PinnedJobSpec): Problem[] {
  return areaPairs
    .filter(([first, second]) => overlaps(spec[first], spec[second]))
    .map(([first, second]) => {
      const kind = spec[second].s3 === undefined ? 'volume' : 's3';
      return problem(
        'OverlappingAreas',
        ['spec', second, kind],
        `overlaps spec.${first}.${kind}`,
        'Give each area a folder of its own, none within another.',
      );
    });
}

/** Everything wrong with a job that fits its schema. */
export function jobProblems(spec: PinnedJobSpec): Problem[] {
  return [
    ...profileRefProblems(spec),
    ...areaNames.flatMap((area) => placeProblems(spec, area)),
    ...overlapProblems(spec),
  ];
}
