/** Where an unexpected error came from. Its message is never looked at: it may quote an image. */
import type { LogFields } from './log.ts';

const place = /([\w.-]+\.(?:ts|js|mjs|cjs)):(\d+):\d+\)?$/;

/** The class of the error, and file and line of the innermost call, e.g. `decide.ts:120`. */
export function faultPlace(error: unknown): Pick<LogFields, 'fault' | 'place'> {
  if (!(error instanceof Error)) return { fault: 'Thrown' };
  const fault = /^[A-Za-z]{1,40}$/.test(error.constructor.name) ? error.constructor.name : 'Error';
  const header = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  const stack = error.stack ?? '';
  if (!stack.startsWith(`${header}\n`)) return { fault };
  const line = stack.slice(header.length + 1).split('\n')[0] ?? '';
  const found = place.exec(line);
  return found === null ? { fault } : { fault, place: `${found[1]}:${found[2]}` };
}
