/** Gathers the context of an object that its decisions are made in. */
import type { DataSet, ResidentBytes } from '../dicom/element.ts';
import type { ParsedObject } from '../dicom/parse.ts';
import type { Tag } from '../dicom/tag.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { createIodFacts, type IodFactsAt } from '../profile/iod-facts.ts';
import { createPaths, type Paths } from '../profile/place-memory.ts';
import { createKindOf, type KindOf } from './collect-identifying-values.ts';
import { decide } from './decide.ts';
import { createDecisionMemories, type DecisionMemory } from './decision-memory.ts';
import { declaredPrivate } from './declared-private.ts';
import { textOf } from './element-value.ts';
import type { ObjectContext } from './object-context.ts';
import { gatherObjectFacts } from './object-facts.ts';
import { removedOverlayGroups } from './overlays.ts';
import { elementIn, type Scope } from './scope.ts';

const patientName: Tag = 0x00100010;

/** What no name has but bytes of another character set give that are read as Latin-1. */
const signOfMisreading = /[^\0-\x7f\p{L}\p{M}]/u;

function isNameReadable(root: Scope, body: ResidentBytes): boolean {
  const element = elementIn(root.dataSet, patientName);
  if (element === undefined || element.items !== undefined) return true;
  const { text, certain } = textOf(element, root, body);
  const bare = text.replace(/[\s^=\0]/g, '');
  return bare === '' || (/[\p{L}\p{N}]/u.test(bare) && (certain || !signOfMisreading.test(bare)));
}

/** What is remembered from one object to the next, under one profile: nothing that an outcome hangs on. */
export interface EngineMemory {
  readonly paths: Paths;
  readonly iodFacts: (sopClass: string, dataSet: DataSet) => IodFactsAt;
  readonly decisions: (facts: IodFactsAt) => DecisionMemory;
  readonly kindOf: KindOf;
}

export function createEngineMemory(profile: CompiledProfile): EngineMemory {
  return {
    paths: createPaths(),
    iodFacts: createIodFacts(),
    decisions: createDecisionMemories(),
    kindOf: createKindOf(profile),
  };
}

/** The context of `parsed`, whose root scope is `root`. */
export function contextOf(
  parsed: ParsedObject,
  root: Scope,
  profile: CompiledProfile,
  memory: EngineMemory,
): ObjectContext {
  const { body, dataSet } = parsed;
  const { sopClass = '', modality } = gatherObjectFacts(parsed, profile, undefined);
  const iodFacts = memory.iodFacts(sopClass, dataSet);
  const beforeOverlays: ObjectContext = {
    profile,
    body,
    sopClass,
    modality,
    iodFacts,
    decisions: memory.decisions(iodFacts),
    kindOf: memory.kindOf,
    declaredPrivate: declaredPrivate(dataSet, body),
    isNameReadable: isNameReadable(root, body),
    removedOverlayGroups: new Set(),
  };
  return {
    ...beforeOverlays,
    removedOverlayGroups: removedOverlayGroups(root, (element) => decide(element, root, beforeOverlays)),
  };
}
