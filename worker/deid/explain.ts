/** Says what would happen to each element of an object and why, without a value and without a key. */
import type { Element } from '../dicom/element.ts';
import type { ParsedObject } from '../dicom/parse.ts';
import { isPrivate } from '../dicom/tag.ts';
import type { Because, Decision } from '../profile/action.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { lookup } from '../standards/dictionary.ts';
import { contextOf, createEngineMemory } from './context-of.ts';
import { decide } from './decide.ts';
import type { ObjectContext } from './object-context.ts';
import { itemScope, placeOf, rootScope, type Scope } from './scope.ts';

/** One element's line: where it stands, what it is, what happens and why. */
export interface Explanation {
  readonly place: string;
  readonly keyword: string;
  readonly vr: string;
  readonly action: string;
  readonly because: string;
}

function actionWords({ action }: Decision): string {
  switch (action.kind) {
    case 'content':
      return action.values === 'clean' ? 'clean content items' : 'replace values of content items';
    case 'cap':
      return `cap above ${action.above}`;
    case 'generalise':
      return `generalise to ${action.to}`;
    default:
      return action.kind;
  }
}

function reasonWords(because: Because): string {
  switch (because.kind) {
    case 'rule':
      return `rule spec.dicom.rules[${because.index}] of the profile`;
    case 'table': {
      const option = because.option === undefined ? 'basic profile' : because.option;
      const type = because.type === undefined ? '' : `, Type ${because.type}`;
      return `PS3.15 Table E.1-1: ${because.code} (${option}${type})`;
    }
    case 'supplement':
      return `supplement to Table E.1-1: ${because.code}`;
    case 'private':
      return `private element: ${because.disposition}`;
    case 'structure':
      return `structure: ${because.what}`;
    case 'valueRepresentation':
      return `Value Representation ${because.vr}, not listed in Table E.1-1`;
    case 'unlisted':
      return 'not listed in Table E.1-1 (spec.dicom.unlisted)';
    case 'unknownElement':
      return 'not in PS3.6';
    case 'content':
      return 'content item';
    default:
      return because satisfies never;
  }
}

function keywordOf(element: Element): string {
  if (isPrivate(element.tag)) return 'private';
  return lookup(element.tag)?.keyword ?? 'unknown';
}

const entered: ReadonlySet<Decision['action']['kind']> = new Set(['keep', 'clean', 'content', 'dummy']);

function* explainScope(scope: Scope, object: ObjectContext): Generator<Explanation> {
  for (const element of scope.dataSet.elements) {
    const decision = decide(element, scope, object);
    yield {
      place: placeOf(scope, element.tag),
      keyword: keywordOf(element),
      vr: element.vr,
      action: actionWords(decision),
      because: reasonWords(decision.because),
    };
    if (element.items === undefined || !entered.has(decision.action.kind)) continue;
    for (const [index, item] of element.items.entries()) {
      yield* explainScope(itemScope(scope, element.tag, item, index, object.body), object);
    }
  }
}

/** Explains every element of a parsed object in order; sequences that go as a whole are one line. */
export function* explain(parsed: ParsedObject, profile: CompiledProfile): Generator<Explanation> {
  const memory = createEngineMemory(profile);
  const root = rootScope(parsed.dataSet, parsed.body, memory.paths);
  yield* explainScope(root, contextOf(parsed, root, profile, memory));
}
