/** What a profile's rule does to an element: as people write it, its schema, and as the data plane reads it. */
import { always, choice, integer, object, required, text, union, type Value } from '../schema/schema.ts';

const words = ['keep', 'remove', 'empty', 'pseudonym', 'remapUID', 'shiftDate'] as const;

/** The forms of an action: a word, or an object of one key. */
const forms = [
  choice('An action that needs nothing else said.', words),
  object('Replaces the value.', {
    replace: required(
      text('The text that stands in place of each value, in the form that the VR of the element asks for.', {
        minLength: 1,
      }),
    ),
  }),
  object('Cleans the value.', {
    clean: required(choice('`text` removes identifying words and keeps the others.', ['text'])),
  }),
  object('Removes what match.value matches and keeps the rest of the value.', {
    cleanMatch: required(always('Says that the match is removed.')),
  }),
  object('Caps a number or an age.', {
    cap: required(
      object('The cap.', {
        above: required(integer('The highest number that is kept; for ages in years.', 0, 1_000_000)),
      }),
    ),
  }),
  object('Makes a date coarser.', {
    generalise: required(
      object('The unit.', { to: required(choice('What is kept of the date.', ['year', 'month', 'decade'])) }),
    ),
  }),
] as const;

/** Schema of an action as it stands in a document. */
export const actionSchema = union(
  'What is done with the elements that match. keep: the value stays; a sequence is entered and its elements are judged one by one. ' +
    'remove: the element goes. empty: the value goes, the element stays. {replace: TEXT}: the text takes its place. ' +
    '{clean: text}: identifying words go. {cleanMatch: true}: what match.value matches goes. ' +
    "pseudonym: the patient's pseudonym takes its place. remapUID: the keyed UID takes its place. " +
    "shiftDate: the date moves by the patient's number of days. {cap: {above: N}}: higher numbers become N. " +
    '{generalise: {to: year | month | decade}}: the date is cut to the unit. No default.',
  'keep, remove, empty, pseudonym, remapUID, shiftDate, {replace: TEXT}, {clean: text}, {cleanMatch: true}, ' +
    '{cap: {above: N}} or {generalise: {to: year | month | decade}}',
  forms,
);

/** An action as it stands in a document. */
export type WrittenAction = Value<typeof actionSchema>;

/** An action as the data plane reads it. */
export type RuleAction =
  | { readonly kind: 'keep' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'pseudonym' }
  | { readonly kind: 'remapUID' }
  | { readonly kind: 'shiftDate' }
  | { readonly kind: 'replace'; readonly text: string }
  | { readonly kind: 'clean' }
  | { readonly kind: 'cleanMatch' }
  | { readonly kind: 'cap'; readonly above: number }
  | { readonly kind: 'generalise'; readonly to: 'year' | 'month' | 'decade' };

/** Gives the two written forms, a word and an object of one key, one shape. The action has been validated. */
export function normaliseAction(action: WrittenAction): RuleAction {
  if (typeof action === 'string') return { kind: action };
  if ('replace' in action) return { kind: 'replace', text: action.replace };
  if ('clean' in action) return { kind: 'clean' };
  if ('cleanMatch' in action) return { kind: 'cleanMatch' };
  if ('cap' in action) return { kind: 'cap', above: action.cap.above };
  return { kind: 'generalise', to: action.generalise.to };
}
