/** The status of a profile: whether jobs can use it. */
import { validateProfile } from '../../crds/validate.ts';
import { type JsonObject, numberOf, objectOf } from '../facts/json.ts';
import { type Condition, mergeConditions, type WantedCondition } from './conditions.ts';
import { problemSentence } from './problem-sentence.ts';

export interface ProfileStatus {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
}

function ready(document: JsonObject): WantedCondition {
  const read = validateProfile(document);
  return read.ok
    ? { type: 'Ready', status: 'True', reason: 'Valid', message: 'Jobs can use the profile.' }
    : { type: 'Ready', status: 'False', reason: 'Invalid', message: problemSentence(read.problems) };
}

/** The status that a profile should have, from the object as the API server has it. */
export function profileStatus(raw: JsonObject, nowMs: number): ProfileStatus {
  const { status, ...document } = raw;
  const generation = numberOf(objectOf(raw.metadata).generation);
  const { conditions } = objectOf(status);
  const previous = Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
  return {
    observedGeneration: generation,
    conditions: mergeConditions(previous, [ready(document)], generation, new Date(nowMs).toISOString()),
  };
}
