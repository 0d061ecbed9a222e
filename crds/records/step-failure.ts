/** The step failure: what a step that stopped leaves in its pod's termination message. */
import { choice, object, required, text, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { type ExitCodeName, exitCodes } from './exit-codes.ts';
import { tag } from './fields.ts';

const names = Object.keys(exitCodes) as ExitCodeName[];

const schema = object('Why a step stopped.', {
  ...tag('StepFailure'),
  exit: required(choice('Name of the exit code.', names)),
  message: required(
    text(
      'One line for a person: what is wrong and where in the documents. No value, path or key of the data.',
      {
        maxLength: 1024,
      },
    ),
  ),
});

export type StepFailure = Value<typeof schema>;

/** Validates a step failure that was read back. */
export const validateStepFailure = validator(schema);
