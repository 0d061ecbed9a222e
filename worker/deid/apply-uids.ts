/** Maps the UIDs of an element, value by value; UIDs that the standard registers stay, whatever attribute holds them. */
import type { Element } from '../dicom/element.ts';
import { isWellKnown } from '../standards/uids.ts';
import type { Application } from './application.ts';
import { asciiValues } from './element-value.ts';

export function applyUidMap(element: Element, app: Application): void {
  const values = asciiValues(element, app.object.body);
  const mapped = values.map((uid) => (uid === '' || isWellKnown(uid) ? uid : app.identity.mapUid(uid)));
  if (mapped.some((uid, index) => uid !== values[index])) {
    app.editor.replaceValue(element, Buffer.from(mapped.join('\\'), 'latin1'));
  }
}
