/**
 * Carries out action D: a value of non-zero length that is a dummy, and in a sequence every value a dummy, so that the
 * object stays valid and nothing of the original stays in it (PS3.15 Table E.1-1a).
 */
import type { Element } from '../dicom/element.ts';
import { vrFacts } from '../dicom/vr.ts';
import type { Decision } from '../profile/action.ts';
import type { Application } from './application.ts';
import { applyUidMap } from './apply-uids.ts';
import { binaryDummy, textDummy } from './dummy.ts';
import { itemScope, type Scope } from './scope.ts';

type DecideAndApply = (element: Element, scope: Scope, app: Application, decision: Decision) => void;
type Decide = (element: Element, scope: Scope) => Decision;

/** How the elements inside a dummy sequence are told apart: by the chain of decisions, and how it is carried out. */
export interface DummyItems {
  readonly decide: Decide;
  readonly apply: DecideAndApply;
}

/** Replaces the value by a dummy; a value that is empty stays so. */
export function applyDummy(element: Element, scope: Scope, app: Application, inItems: DummyItems): void {
  const { vr, items } = element;
  if (items !== undefined) {
    items.forEach((item, index) => {
      const inner = itemScope(scope, element.tag, item, index, app.object.body);
      for (const nested of item.dataSet.elements) dummyInItem(nested, inner, app, inItems);
    });
    return;
  }
  const length = element.valueEnd - element.valueStart;
  if (length === 0) return;
  if (vr === 'UI') {
    applyUidMap(element, app);
    return;
  }
  const text = textDummy(vr);
  app.editor.replaceValue(
    element,
    text === undefined ? binaryDummy(vr, length) : Buffer.from(text, 'latin1'),
  );
}

/**
 * Inside a dummy sequence what would be kept or cleaned becomes a dummy too. Codes that give structure (CS) and whole
 * numbers (counts, dimensions) stay: they hold no value of a person and the item is unreadable without them.
 */
function dummyInItem(element: Element, scope: Scope, app: Application, inItems: DummyItems): void {
  const decision = inItems.decide(element, scope);
  const { kind } = decision.action;
  if (kind !== 'keep' && kind !== 'clean' && kind !== 'content') {
    inItems.apply(element, scope, app, decision);
    return;
  }
  app.editor.count(decision);
  const isStructure =
    element.vr === 'CS' ||
    element.vr === 'UI' ||
    (vrFacts[element.vr].kind === 'binary' && isWholeNumber(element.vr));
  if (isStructure) inItems.apply(element, scope, app, { ...decision, action: { kind: 'keep' } });
  else applyDummy(element, scope, app, inItems);
}

function isWholeNumber(vr: Element['vr']): boolean {
  return vr === 'US' || vr === 'SS' || vr === 'UL' || vr === 'SL' || vr === 'AT';
}
