/** Whether an attribute may be left empty at its place, by its Type in the IOD. */
import type { Element } from '../dicom/element.ts';
import type { Application } from './application.ts';
import type { Scope } from './scope.ts';

/** True for Types 1 and 1C: a value that cannot be passed on must then become a dummy instead of nothing. */
export function mustHaveValue(element: Element, scope: Scope, { object }: Application): boolean {
  const { type } = object.iodFacts(scope.path, element.tag);
  return type === '1' || type === '1C';
}
