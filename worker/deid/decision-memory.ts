/**
 * Remembers decisions from one object to the next. Most elements are decided by their place and VR, the profile and the
 * Types of the object's IOD alone, so that the objects of a series ask the same questions.
 */
import type { Element } from '../dicom/element.ts';
import type { Vr } from '../dicom/vr.ts';
import type { Decision } from '../profile/action.ts';
import type { IodFactsAt } from '../profile/iod-facts.ts';
import { createPlaceMemory } from '../profile/place-memory.ts';
import type { Scope } from './scope.ts';

/** Decisions under one profile and one IOD's facts. */
export interface DecisionMemory {
  /** The decision that is remembered for an element at its place, or else what `decide` gives. */
  at(element: Element, scope: Scope, decide: () => Decision): Decision;
}

function createDecisionMemory(): DecisionMemory {
  const places = createPlaceMemory<Partial<Record<Vr, Decision>>>();
  return {
    at: ({ tag, vr }, { path }, decide) => {
      const byVr = places.at(path, tag, () => ({}));
      let decision = byVr[vr];
      if (decision === undefined) {
        decision = decide();
        byVr[vr] = decision;
      }
      return decision;
    },
  };
}

/** Gives the memory that goes with the facts of an object's IOD. For the objects of one profile. */
export function createDecisionMemories(): (facts: IodFactsAt) => DecisionMemory {
  const memories = new WeakMap<IodFactsAt, DecisionMemory>();
  return (facts) => {
    let memory = memories.get(facts);
    if (memory === undefined) {
      memory = createDecisionMemory();
      memories.set(facts, memory);
    }
    return memory;
  };
}
