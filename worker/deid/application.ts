/** What carrying out decisions on one object needs: the object's facts, its editor, its keyed identity, its text cleaner. */
import type { ObjectContext } from './object-context.ts';
import type { ObjectEditor } from './object-editor.ts';
import type { Scope } from './scope.ts';

/** The keyed identity of one object's patient. */
export interface ObjectIdentity {
  /** The replacement of a UID; a function of the key and the UID alone. */
  mapUid(uid: string): string;
  /** The pseudonym of the patient whom the data set at `scope`, or the nearest one around it, names. */
  pseudonym(scope: Scope): string;
  /** Whole days to add to dates; negative, since dates move into the past. */
  readonly shiftDays: number;
}

/** The text cleaner of one object, made with the object's own identifying values. */
export interface ObjectText {
  /** Cleans free text: identifying values, patterns, then the vocabulary of harmless words. */
  clean(text: string): string;
  /** Removes identifying values and strong patterns only; gives the same string where there are none. */
  scrub(text: string): string;
  /** Whether one of the object's own identifying values stands in the text. */
  identifies(text: string): boolean;
}

export interface Application {
  readonly object: ObjectContext;
  readonly editor: ObjectEditor;
  readonly identity: ObjectIdentity;
  readonly text: ObjectText;
}
