/** Fields that several records share. */
import { choice, integer, required, text } from '../schema/schema.ts';

/** The tag of a record: its kind, and the version of its form. A reader refuses a version that it does not know. */
export function tag<const K extends string>(kind: K) {
  return {
    kind: required(choice('Kind of the record.', [kind])),
    version: required(integer('Version of the form of the record.', 1, 1)),
  } as const;
}

export function digest(description: string) {
  return required(
    text(description, {
      maxLength: 71,
      pattern: '^sha256:[0-9a-f]{64}$',
      expected: 'sha256: and 64 hexadecimal digits',
    }),
  );
}

export function count(description: string) {
  return required(integer(description, 0));
}

export function engineVersion() {
  return required(text('Version of the program that wrote the record.', { minLength: 1, maxLength: 64 }));
}
