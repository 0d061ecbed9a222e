/**
 * Decides what happens to one element: an ordered chain of named stages, the first that answers wins. The order is the
 * policy. Nothing here changes a byte, and no stage sees a value but where a rule asks for a pattern.
 */
import type { Element } from '../dicom/element.ts';
import { groupOf, isGroupLength, isPrivate, type Tag } from '../dicom/tag.ts';
import { vrFacts } from '../dicom/vr.ts';
import type { Action, Decision } from '../profile/action.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { actionOfBasicCode, actionOfRow } from '../profile/table-actions.ts';
import { lookup } from '../standards/dictionary.ts';
import { isClassLikeUid } from '../standards/uid-roles.ts';
import { decidePrivate } from './decide-private.ts';
import { textOf } from './element-value.ts';
import { codeMeaning, isFreeText } from './free-text.ts';
import type { ObjectContext } from './object-context.ts';
import type { Scope } from './scope.ts';

type Stage = (element: Element, scope: Scope, object: ObjectContext) => Decision | undefined;

/** Attributes that state what was done to an object: earlier statements go, ours are written anew. */
const deidentificationStatements: ReadonlySet<Tag> = new Set([
  0x00120062, 0x00120063, 0x00120064, 0x00280303,
]);

/** Groups that never stand in a data set: commands, File Meta, directories and invalid odd groups (PS3.5 section 7.8). */
function isOutsideDataSets(group: number): boolean {
  return group === 0 || group === 2 || group === 4 || (group < 8 && group % 2 === 1) || group === 0xffff;
}

const remove: Action = { kind: 'remove' };

const structure: Stage = (element, _scope, object) => {
  const { tag } = element;
  if (isGroupLength(tag)) return { action: remove, because: { kind: 'structure', what: 'groupLength' } };
  const group = groupOf(tag);
  if (isOutsideDataSets(group))
    return { action: remove, because: { kind: 'structure', what: 'notInDataSets' } };
  if (deidentificationStatements.has(tag)) {
    return { action: remove, because: { kind: 'structure', what: 'deidentification' } };
  }
  if (object.removedOverlayGroups.has(group)) {
    return { action: remove, because: { kind: 'structure', what: 'overlay' } };
  }
  return undefined;
};

const profileRules: Stage = (element, scope, object) => {
  const { rules } = object.profile;
  if (rules.length === 0) return undefined;
  const subject = {
    tag: element.tag,
    vr: element.vr,
    path: scope.path,
    creator: isPrivate(element.tag) ? scope.blockOf(element.tag)?.creator : undefined,
    modality: object.modality,
    sopClass: object.sopClass,
    value: () => (element.items === undefined ? textOf(element, scope, object.body).text : undefined),
  };
  const rule = rules.find((candidate) => candidate.matches(subject));
  return rule === undefined
    ? undefined
    : { action: rule.action, because: { kind: 'rule', index: rule.index } };
};

const privateElements: Stage = (element, scope, object) =>
  isPrivate(element.tag) ? decidePrivate(element, scope, object, decide) : undefined;

/** The patient's pseudonym stands for both wherever the table asks for a dummy: a name and an ID that agree. */
const pseudonymised: ReadonlySet<Tag> = new Set([0x00100010, 0x00100020]);

const standardTable: Stage = (element, scope, object) => {
  const { tag, vr } = element;
  const compiled = object.profile.row(tag);
  if (compiled === undefined) return undefined;
  const { row, resolved } = compiled;
  if (pseudonymised.has(tag)) {
    return { action: { kind: 'pseudonym' }, because: { kind: 'table', code: row.basic } };
  }
  const decision = actionOfRow(row, resolved, tag, vr, () => object.iodFacts(scope.path, tag));
  return vr === 'AS' && decision.action.kind === 'keep'
    ? { ...decision, action: { kind: 'cap', above: object.profile.capAgeAbove } }
    : decision;
};

const supplementRows: Stage = (element, scope, object) => {
  const row = object.profile.supplement(element.tag);
  if (row === undefined) return undefined;
  const because = { kind: 'supplement', code: row.code } as const;
  if (row.keptUnder !== undefined && object.profile.options.has(row.keptUnder)) {
    return { action: { kind: 'keep' }, because };
  }
  if (row.code === 'C') {
    return object.profile.unlisted === 'keep' ? { action: { kind: 'clean' }, because } : undefined;
  }
  const facts = object.iodFacts(scope.path, element.tag);
  // A macro whose one identifier is conditional is invalid without it (HL7v2 Hierarchic Designator, PS3.3 table 10-17).
  const action =
    facts.type === '1C' ? ({ kind: 'dummy' } as const) : actionOfBasicCode(row.code, facts, element.vr);
  return { action, because };
};

const dateActions: Readonly<Record<CompiledProfile['dates'], Action | undefined>> = {
  keep: { kind: 'keep' },
  shift: { kind: 'shiftDate' },
  remove: undefined,
};

/** PS3.15 E.1.1 allows names, dates and UIDs to be told by VR, not only by the table's list. */
const valueRepresentation: Stage = (element, scope, object) => {
  const { tag, vr } = element;
  const because = { kind: 'valueRepresentation', vr } as const;
  switch (vr) {
    case 'PN':
      return { action: actionOfBasicCode('X/Z/D', object.iodFacts(scope.path, tag), vr), because };
    case 'UI':
      return { action: isClassLikeUid(tag) ? { kind: 'keep' } : { kind: 'mapUid' }, because };
    case 'DA':
    case 'DT':
    case 'TM': {
      const action = dateActions[object.profile.dates];
      return { action: action ?? actionOfBasicCode('X/Z/D', object.iodFacts(scope.path, tag), vr), because };
    }
    case 'AS':
      return { action: { kind: 'cap', above: object.profile.capAgeAbove }, because };
    default:
      return undefined;
  }
};

const unknownElements: Stage = (element, _scope, object) => {
  if (lookup(element.tag) !== undefined) return undefined;
  const action: Action = object.profile.unlisted === 'reject' ? { kind: 'reject' } : remove;
  return { action, because: { kind: 'unknownElement' } };
};

/** Group 0028 but for its texts: rows, samples, bits, frames, look-up tables. */
function describesPixels({ tag, vr }: Element): boolean {
  return pixelDescriptions.has(tag) || (groupOf(tag) === 0x0028 && vrFacts[vr].kind !== 'text');
}

/** Texts of group 0028 that hold numbers and terms: Photometric Interpretation, Number of Frames, spacing, rescaling. */
const pixelDescriptions: ReadonlySet<Tag> = new Set([
  0x00280004, 0x00280008, 0x00280030, 0x00280034, 0x00281050, 0x00281051, 0x00281052, 0x00281053,
]);

function keptOrCleaned(element: Element, scope: Scope, object: ObjectContext): Action {
  const isText = object.profile.supplement(element.tag)?.code === 'C' || isFreeText(element, scope, object);
  return { kind: isText ? 'clean' : 'keep' };
}

/** Under an allow-list, what the IOD requires stays; what it merely allows goes, or holds the object back. */
const unlisted: Stage = (element, scope, object) => {
  const because = { kind: 'unlisted' } as const;
  if (object.profile.unlisted === 'keep') {
    return { action: keptOrCleaned(element, scope, object), because };
  }
  // Without its description (PS3.3 section C.7.6.3) the pixel data that stay say something else.
  if (describesPixels(element)) return { action: { kind: 'keep' }, because };
  const { known, type } = object.iodFacts(scope.path, element.tag);
  if (!known) return { action: { kind: 'reject' }, because };
  if (type !== undefined && type !== '3') return { action: keptOrCleaned(element, scope, object), because };
  return {
    action: object.profile.unlisted === 'reject' && type === undefined ? { kind: 'reject' } : remove,
    because,
  };
};

/** The chain. Structure first, so that no rule can keep what must not stand in an output. */
const stages: readonly Stage[] = [
  structure,
  profileRules,
  privateElements,
  standardTable,
  supplementRows,
  unknownElements,
  valueRepresentation,
  unlisted,
];

/** Decides `element` of `scope`. Always answers. */
export function decide(element: Element, scope: Scope, object: ObjectContext): Decision {
  return hangsOnObject(element.tag, object)
    ? askStages(element, scope, object)
    : object.decisions.at(element, scope, () => askStages(element, scope, object));
}

/** Whether a stage looks at more than the element's place and VR, the profile and the IOD's facts. */
function hangsOnObject(tag: Tag, { profile, isNameReadable, removedOverlayGroups }: ObjectContext): boolean {
  return (
    profile.rules.length > 0 ||
    !isNameReadable ||
    isPrivate(tag) ||
    tag === codeMeaning ||
    removedOverlayGroups.has(groupOf(tag))
  );
}

function askStages(element: Element, scope: Scope, object: ObjectContext): Decision {
  for (const stage of stages) {
    const decision = stage(element, scope, object);
    if (decision !== undefined) return decision;
  }
  return { action: remove, because: { kind: 'unlisted' } };
}
