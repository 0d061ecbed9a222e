/**
 * Carries out decisions: goes through a data set once, decides each element and turns the decision into edits.
 * Sequences are entered at any depth.
 */
import type { Element } from '../dicom/element.ts';
import { isPrivate, type Tag } from '../dicom/tag.ts';
import { vrFacts } from '../dicom/vr.ts';
import type { Decision } from '../profile/action.ts';
import type { Application } from './application.ts';
import { applyContentSequence } from './apply-content.ts';
import { applyCap, applyDateShift, applyGeneralise, applyUnixTimeShift } from './apply-dates.ts';
import { applyDummy } from './apply-dummy.ts';
import { cleanMatch, cleanText, keepText, writeText } from './apply-text.ts';
import { applyUidMap } from './apply-uids.ts';
import { decide } from './decide.ts';
import { bytesOf, latin1 } from './element-value.ts';
import { itemScope, placeOf, type Scope } from './scope.ts';

/** Decides and carries out every element of the data set at `scope`. */
export function applyDataSet(scope: Scope, app: Application): void {
  for (const element of scope.dataSet.elements) applyElement(element, scope, app);
}

/** Decides and carries out one element. */
export function applyElement(element: Element, scope: Scope, app: Application): void {
  applyDecision(element, scope, app, decide(element, scope, app.object));
}

function applyItems(element: Element, scope: Scope, app: Application): void {
  element.items?.forEach((item, index) => {
    applyDataSet(itemScope(scope, element.tag, item, index, app.object.body), app);
  });
}

const pixelData: Tag = 0x7fe00010;

function keep(element: Element, scope: Scope, app: Application): void {
  if (element.fragments !== undefined && (element.tag !== pixelData || scope.parent !== undefined)) {
    // Code streams are cleaned in Pixel Data of the root alone.
    app.editor.reject('UncleanablePixelData', placeOf(scope, element.tag));
  } else if (element.items !== undefined) applyItems(element, scope, app);
  else if (vrFacts[element.vr].kind === 'text' && element.vr !== 'UI') keepText(element, scope, app);
  else if (isPrivate(element.tag) && isTextInDisguise(element, app)) app.editor.remove(element);
}

/** Text of four letters and more, with nothing else around it. */
const printable = /^[ -~]{4,}[ \0]*$/;
const longestLookedAt = 1024;

/** The VR of a private element may be hearsay: a value of printable characters alone is text, whatever its VR says. */
function isTextInDisguise(element: Element, app: Application): boolean {
  const length = element.valueEnd - element.valueStart;
  if (length > longestLookedAt || element.fragments !== undefined) return false;
  return printable.test(latin1(bytesOf(element, app.object.body)));
}

/** Cleaning means what the VR lets it mean. */
function clean(element: Element, scope: Scope, app: Application): void {
  if (element.items !== undefined) return applyItems(element, scope, app);
  switch (element.vr) {
    case 'UI':
      return applyUidMap(element, app);
    case 'DA':
    case 'DT':
    case 'TM':
      return app.object.profile.dates === 'shift'
        ? applyDateShift(element, scope, app)
        : writeText(element, scope, app, '');
    case 'CS':
    case 'DS':
    case 'IS':
    case 'AE':
      return keepText(element, scope, app);
    case 'AS':
      return applyCap(element, scope, app, app.object.profile.capAgeAbove);
    case 'PN':
      return writeText(element, scope, app, '');
    default:
      return vrFacts[element.vr].kind === 'text' ? cleanText(element, scope, app) : undefined;
  }
}

function empty(element: Element, app: Application): void {
  if (element.end > element.valueStart) app.editor.replaceValue(element, new Uint8Array(0));
}

/** Actions that write a value anew. What the table knows as a value but the object has as a sequence goes as a whole. */
const valueActions: ReadonlySet<Decision['action']['kind']> = new Set([
  'replace',
  'cleanMatch',
  'pseudonym',
  'mapUid',
  'shiftDate',
  'shiftUnixTime',
  'cap',
  'generalise',
]);

/** Carries out `decision` and counts it. */
export function applyDecision(element: Element, scope: Scope, app: Application, decision: Decision): void {
  const { action } = decision;
  app.editor.count(decision);
  const hasParts = element.items !== undefined || element.fragments !== undefined;
  if (hasParts && valueActions.has(action.kind)) return app.editor.remove(element);
  switch (action.kind) {
    case 'keep':
      return keep(element, scope, app);
    case 'remove':
      return app.editor.remove(element);
    case 'empty':
      return empty(element, app);
    case 'dummy':
      return applyDummy(element, scope, app, {
        decide: (nested, inner) => decide(nested, inner, app.object),
        apply: applyDecision,
      });
    case 'replace':
      return writeText(element, scope, app, action.text);
    case 'clean':
      return clean(element, scope, app);
    case 'content':
      return applyContentSequence(element, scope, app, action.values, applyElement);
    case 'cleanMatch':
      return cleanMatch(element, scope, app, action.pattern);
    case 'pseudonym':
      return app.editor.replaceValue(element, Buffer.from(app.identity.pseudonym(scope), 'latin1'));
    case 'mapUid':
      return applyUidMap(element, app);
    case 'shiftDate':
      return applyDateShift(element, scope, app);
    case 'shiftUnixTime':
      return applyUnixTimeShift(element, app);
    case 'cap':
      return applyCap(element, scope, app, action.above);
    case 'generalise':
      return applyGeneralise(element, scope, app, action.to);
    case 'reject':
      return app.editor.reject('UnknownElement', placeOf(scope, element.tag));
    default:
      return action satisfies never;
  }
}
