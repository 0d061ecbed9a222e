/**
 * Decides private elements: by (group, creator, element), never by block number (PS3.5 section 7.8.1). Without Retain
 * Safe Private all go; with it, those that the standard's list, the knowledge base or the object itself call safe stay.
 */
import type { Element } from '../dicom/element.ts';
import { elementOf, groupOf, isPrivateCreator } from '../dicom/tag.ts';
import type { Vr } from '../dicom/vr.ts';
import type { Action, Decision } from '../profile/action.ts';
import { type PrivateDisposition, privateDisposition } from '../standards/safe-private.ts';
import type { ObjectContext } from './object-context.ts';
import type { PrivateBlock, Scope } from './scope.ts';

/** The whole chain, for the elements of a creator's block. */
type Decide = (element: Element, scope: Scope, object: ObjectContext) => Decision;

function because(
  disposition: 'safe' | 'declaredSafe' | 'unsafe' | 'creator' | 'orphan',
): Decision['because'] {
  return { kind: 'private', disposition };
}

const unsafe: Decision = { action: { kind: 'remove' }, because: because('unsafe') };
const orphan: Decision = { action: { kind: 'remove' }, because: because('orphan') };

/** A creator stays exactly where an element of its block does. */
function decideCreator(element: Element, scope: Scope, object: ObjectContext, decide: Decide): Decision {
  const group = groupOf(element.tag);
  const block = elementOf(element.tag);
  const isKept = scope.dataSet.elements.some(
    (other) =>
      groupOf(other.tag) === group &&
      elementOf(other.tag) >>> 8 === block &&
      decide(other, scope, object).action.kind !== 'remove',
  );
  return { action: isKept ? { kind: 'keep' } : { kind: 'remove' }, because: because('creator') };
}

/** Under the profile's dates: moved, kept, or gone. */
function dateAction(shift: Action, object: ObjectContext): Action {
  switch (object.profile.dates) {
    case 'shift':
      return shift;
    case 'keep':
      return { kind: 'keep' };
    default:
      return { kind: 'remove' };
  }
}

function actionOfDisposition(disposition: PrivateDisposition, vr: Vr, object: ObjectContext): Action {
  switch (disposition.kind) {
    case 'keep':
    case 'recurse':
      return keptByVr(vr, object);
    case 'clean':
      return { kind: 'clean' };
    case 'mapUid':
      return { kind: 'mapUid' };
    case 'shiftDate':
      return dateAction({ kind: 'shiftDate' }, object);
    case 'shiftUnixTime':
      return dateAction({ kind: 'shiftUnixTime' }, object);
    case 'remove':
      return { kind: 'remove' };
    default:
      return disposition.kind satisfies never;
  }
}

/** A safe element still follows the rules that hold for its VR: UIDs are mapped, dates move, names go. */
function keptByVr(vr: Vr, object: ObjectContext): Action {
  switch (vr) {
    case 'UI':
      return { kind: 'mapUid' };
    case 'DA':
    case 'DT':
    case 'TM':
      return dateAction({ kind: 'shiftDate' }, object);
    case 'PN':
    case 'UN':
      return { kind: 'remove' };
    case 'AS':
      return { kind: 'cap', above: object.profile.capAgeAbove };
    default:
      return { kind: 'keep' };
  }
}

/** Bytes of unknown meaning are never kept on the object's own word. */
const opaque: ReadonlySet<Vr> = new Set<Vr>(['UN', 'OB', 'OW']);

function declared(element: Element, block: PrivateBlock, object: ObjectContext): Decision | undefined {
  const { vr } = element;
  if (opaque.has(vr)) return undefined;
  if (!object.declaredPrivate.isSafe(block.group, block.creator, element.tag & 0xff)) return undefined;
  const action = keptByVr(vr, object);
  return {
    action: action.kind === 'keep' && vr !== 'SQ' ? { kind: 'clean' } : action,
    because: because('declaredSafe'),
  };
}

/** Decides one private element. */
export function decidePrivate(
  element: Element,
  scope: Scope,
  object: ObjectContext,
  decide: Decide,
): Decision {
  if (isPrivateCreator(element.tag)) {
    const retains = object.profile.options.has('RetainSafePrivate') || object.profile.rules.length > 0;
    return retains ? decideCreator(element, scope, object, decide) : unsafe;
  }
  const block = scope.blockOf(element.tag);
  if (block === undefined) return orphan;
  if (!object.profile.options.has('RetainSafePrivate')) return unsafe;
  const disposition = privateDisposition({
    group: block.group,
    creator: block.creator,
    element: element.tag & 0xff,
    vr: element.vr,
    nested: scope.path.length > 0,
  });
  if (disposition.kind !== 'remove') {
    return { action: actionOfDisposition(disposition, element.vr, object), because: because('safe') };
  }
  return declared(element, block, object) ?? unsafe;
}
