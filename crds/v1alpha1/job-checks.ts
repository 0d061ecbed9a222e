/** What a schema cannot see in a job: fields that exclude each other, and areas that overlap. */
import { type Problem, problem } from '../schema/problem.ts';
import { areaPairs, overlaps } from './area.ts';
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

function areaProblems(spec: PinnedJobSpec): Problem[] {
  return areaPairs
    .filter(([first, second]) => overlaps(spec[first].volume, spec[second].volume))
    .map(([first, second]) =>
      problem(
        'OverlappingAreas',
        ['spec', second, 'volume'],
        `overlaps spec.${first}.volume`,
        'Give each area a folder of its own, none within another.',
      ),
    );
}

/** Everything wrong with a job that fits its schema. */
export function jobProblems(spec: PinnedJobSpec): Problem[] {
  return [...profileRefProblems(spec), ...areaProblems(spec)];
}
