/** What is wrong with a document, for a condition. */
import type { Problem } from '../../crds/validate.ts';

/** Keys of maps, which paths name, may be of any length; conditions may not. */
const longestPath = 512;

/** The first thing that is wrong, as a sentence that quotes names of fields alone, and how many more there are. */
export function problemSentence([first, ...others]: readonly Problem[]): string {
  if (first === undefined) return 'It is not valid.';
  const hint = first.hint === undefined ? '' : ` ${first.hint}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const path = first.path.length <= longestPath ? first.path : `${first.path.slice(0, longestPath)}…`;
  return `${path === '' ? 'The document' : path} ${first.message}${more}.${hint}`;
}
