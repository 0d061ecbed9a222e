/** Gathers the context of an object that its decisions are made in. */
import type { ParsedObject } from '../dicom/parse.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { createIodFacts } from '../profile/iod-facts.ts';
import { decide } from './decide.ts';
import { declaredPrivate } from './declared-private.ts';
import type { ObjectContext } from './object-context.ts';
import { gatherObjectFacts } from './object-facts.ts';
import { removedOverlayGroups } from './overlays.ts';
import type { Scope } from './scope.ts';

/** The context of `parsed`, whose root scope is `root`. */
export function contextOf(parsed: ParsedObject, root: Scope, profile: CompiledProfile): ObjectContext {
  const { body, dataSet } = parsed;
  const { sopClass = '', modality } = gatherObjectFacts(parsed, profile, undefined);
  const beforeOverlays: ObjectContext = {
    profile,
    body,
    sopClass,
    modality,
    iodFacts: createIodFacts(sopClass, dataSet),
    declaredPrivate: declaredPrivate(dataSet, body),
    removedOverlayGroups: new Set(),
  };
  return {
    ...beforeOverlays,
    removedOverlayGroups: removedOverlayGroups(root, (element) => decide(element, root, beforeOverlays)),
  };
}
