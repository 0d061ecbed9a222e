/**
 * Cleans structured content item by item (PS3.15 E.3.4): the concept's row in Table E.3.4-1 decides where it has one,
 * else the item's value type does. References, codes and measurements stay; text, names and dates never stay as they are.
 */
import type { Element } from '../dicom/element.ts';
import type { Decision } from '../profile/action.ts';
import type { ConfidentialityOption } from '../standards/confidentiality-table.ts';
import { type ContentItemRow, contentItemRow } from '../standards/structured-content.ts';
import type { Application } from './application.ts';
import { applyDateShift } from './apply-dates.ts';
import { cleanText, keepText, writeText } from './apply-text.ts';
import { applyUidMap } from './apply-uids.ts';
import { type ContentItem, contentItemOf, contentTags } from './content-item.ts';
import { textDummy } from './dummy.ts';
import { asciiValues } from './element-value.ts';
import { itemScope, type Scope } from './scope.ts';

type ApplyElement = (element: Element, scope: Scope, app: Application) => void;

/** What becomes of a content item's own value. */
type ItemAction = 'keep' | 'remove' | 'dummy' | 'clean';

const actionOfCode: Readonly<Record<string, ItemAction>> = {
  K: 'keep',
  C: 'clean',
  X: 'remove',
  D: 'dummy',
  'X/D': 'remove',
};

function rowAction(row: ContentItemRow, options: ReadonlySet<ConfidentialityOption>): ItemAction {
  let action: ItemAction | undefined;
  for (const [option, code] of Object.entries(row.options) as [ConfidentialityOption, 'K' | 'C'][]) {
    if (!options.has(option)) continue;
    if (code === 'C') return 'clean';
    action = 'keep';
  }
  return action ?? actionOfCode[row.basic] ?? 'remove';
}

/** Without a row: what a person may have typed is cleaned, or replaced where the profile does not clean. */
function valueTypeAction(item: ContentItem, values: 'clean' | 'dummy'): ItemAction {
  switch (item.valueType) {
    case 'TEXT':
      return values;
    case 'PNAME':
      return 'dummy';
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
    case 'UIDREF':
      return 'clean';
    default:
      // Other value types have no text of their own; where some stands beside them, it is as free as any.
      return values;
  }
}

/** The Patient's age as a measurement: (121033, DCM, "Subject Age"). */
const ageConcepts: ReadonlySet<string> = new Set(['121033', '445518008', '30525-0', '397669002']);

function applyValue(
  element: Element,
  scope: Scope,
  app: Application,
  action: Exclude<ItemAction, 'remove'>,
): void {
  const dummy = (): void => writeText(element, scope, app, textDummy(element.vr) ?? '');
  switch (element.tag) {
    case contentTags.textValue:
      if (action === 'dummy') return dummy();
      return action === 'clean' ? cleanText(element, scope, app) : keepText(element, scope, app);
    case contentTags.personName:
      return action === 'keep' ? undefined : dummy();
    case contentTags.uid:
      return applyUidMap(element, app);
    case contentTags.date:
    case contentTags.dateTime:
    case contentTags.time:
      if (app.object.profile.dates === 'keep') return;
      return app.object.profile.dates === 'shift' ? applyDateShift(element, scope, app) : dummy();
    default:
      return;
  }
}

const itemValues: ReadonlySet<number> = new Set([
  contentTags.textValue,
  contentTags.personName,
  contentTags.uid,
  contentTags.date,
  contentTags.dateTime,
  contentTags.time,
]);

/** Caps an age that an item keeps as a measurement in years. */
function capMeasuredAge(element: Element, scope: Scope, app: Application): void {
  const { capAgeAbove } = app.object.profile;
  for (const [index, item] of (element.items ?? []).entries()) {
    const number = item.dataSet.elements.find(({ tag }) => tag === contentTags.numericValue);
    if (number === undefined) continue;
    const [value] = asciiValues(number, app.object.body);
    if (Number(value) > capAgeAbove) {
      const inner = itemScope(scope, element.tag, item, index, app.object.body);
      writeText(number, inner, app, String(capAgeAbove + 1));
    }
  }
}

function applyItem(
  scope: Scope,
  app: Application,
  item: ContentItem,
  values: 'clean' | 'dummy',
  action: Exclude<ItemAction, 'remove'>,
  applyElement: ApplyElement,
): void {
  const isAge = item.concept !== undefined && ageConcepts.has(item.concept.value);
  for (const element of scope.dataSet.elements) {
    if (itemValues.has(element.tag)) applyValue(element, scope, app, action);
    else if (element.tag === contentTags.contentSequence) {
      applyContentSequence(element, scope, app, values, applyElement);
    } else if (isAge && element.tag === contentTags.measuredValueSequence) {
      capMeasuredAge(element, scope, app);
    } else applyElement(element, scope, app);
  }
}

/** Cleans the items of a content sequence, or of a sequence whose items are encoded like content items. */
export function applyContentSequence(
  element: Element,
  scope: Scope,
  app: Application,
  values: 'clean' | 'dummy',
  applyElement: ApplyElement,
): void {
  const { body, profile } = app.object;
  const items = element.items ?? [];
  const decided = items.map((item) => {
    const content = contentItemOf(item.dataSet, body);
    const row =
      content.concept === undefined || content.valueType === undefined
        ? undefined
        : contentItemRow({ ...content.concept, code: content.concept.value, valueType: content.valueType });
    const action = row === undefined ? valueTypeAction(content, values) : rowAction(row, profile.options);
    return { content, action, hasRow: row !== undefined };
  });
  if (items.length > 0 && decided.every(({ action }) => action === 'remove')) {
    app.editor.remove(element);
    return;
  }
  items.forEach((item, index) => {
    const decision = decided[index];
    if (decision === undefined) return;
    app.editor.count(contentDecision(decision.action, decision.hasRow));
    if (decision.action === 'remove') {
      app.editor.removeItem(item);
      return;
    }
    const inner = itemScope(scope, element.tag, item, index, body);
    applyItem(inner, app, decision.content, values, decision.action, applyElement);
  });
}

function contentDecision(action: ItemAction, row: boolean): Decision {
  return { action: { kind: action }, because: { kind: 'content', row } };
}
