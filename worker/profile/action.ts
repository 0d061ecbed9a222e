/**
 * What can be done to one data element, as a tagged union, and why it was chosen. Actions are data: they say nothing
 * about how bytes change (see `worker/deid/apply-*.ts`).
 */
import type { ConfidentialityOption } from '../standards/confidentiality-table.ts';

export type Action =
  /** Passes the value on; a sequence is entered and its elements are judged one by one. */
  | { readonly kind: 'keep' }
  /** The element goes, a sequence with all its items. */
  | { readonly kind: 'remove' }
  /** A value of zero length. */
  | { readonly kind: 'empty' }
  /** A dummy value that fits the VR; in a sequence every value becomes one. */
  | { readonly kind: 'dummy' }
  | { readonly kind: 'replace'; readonly text: string }
  /** A value of like meaning without identifying parts: text is cleaned, dates are shifted, sequences are entered. */
  | { readonly kind: 'clean' }
  /** Content items (PS3.15 E.3.4): cleaned one by one, or their free values replaced by dummies. */
  | { readonly kind: 'content'; readonly values: 'clean' | 'dummy' }
  /** Only what the rule's value pattern matches goes. */
  | { readonly kind: 'cleanMatch'; readonly pattern: RegExp }
  /** The patient's pseudonym. */
  | { readonly kind: 'pseudonym' }
  | { readonly kind: 'mapUid' }
  | { readonly kind: 'shiftDate' }
  /** A binary or decimal count of seconds since 1970 (private elements). */
  | { readonly kind: 'shiftUnixTime' }
  /** Ages above the number of years become "over"; other numbers are capped. */
  | { readonly kind: 'cap'; readonly above: number }
  | { readonly kind: 'generalise'; readonly to: 'year' | 'month' | 'decade' }
  /** The object as a whole is held back. */
  | { readonly kind: 'reject' };

/** Why an action was chosen: the stage of the decision that spoke, and what it looked at. */
export type Because =
  | { readonly kind: 'rule'; readonly index: number }
  | {
      readonly kind: 'table';
      readonly code: string;
      readonly option?: ConfidentialityOption;
      readonly type?: string;
    }
  | { readonly kind: 'supplement'; readonly code: string }
  | {
      readonly kind: 'private';
      readonly disposition: 'safe' | 'declaredSafe' | 'unsafe' | 'creator' | 'orphan';
    }
  | {
      readonly kind: 'structure';
      readonly what: 'groupLength' | 'notInDataSets' | 'deidentification' | 'overlay';
    }
  | { readonly kind: 'valueRepresentation'; readonly vr: string }
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'unknownElement' }
  | { readonly kind: 'content'; readonly row: boolean };

/** An action with its reason. */
export interface Decision {
  readonly action: Action;
  readonly because: Because;
}

const labels = new WeakMap<Decision, string>();

/** A short label without values, for counts in records: the rule, the table row's code or the stage. */
export function decisionLabel(decision: Decision): string {
  let label = labels.get(decision);
  if (label === undefined) {
    label = makeLabel(decision);
    labels.set(decision, label);
  }
  return label;
}

function makeLabel(decision: Decision): string {
  const { because } = decision;
  switch (because.kind) {
    case 'rule':
      return `rule ${because.index} ${decision.action.kind}`;
    case 'table':
      return because.option === undefined
        ? `E.1-1 ${because.code}`
        : `E.1-1 ${because.code} ${because.option}`;
    case 'supplement':
      return `supplement ${because.code}`;
    case 'private':
      return `private ${because.disposition}`;
    case 'structure':
      return `structure ${because.what}`;
    case 'valueRepresentation':
      return `VR ${because.vr}`;
    case 'unlisted':
      return `unlisted ${decision.action.kind}`;
    case 'unknownElement':
      return `unknown ${decision.action.kind}`;
    case 'content':
      return because.row ? 'E.3.4-1' : 'content item';
    default:
      return because satisfies never;
  }
}
