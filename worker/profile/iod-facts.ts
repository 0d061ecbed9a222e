/** Looks up what an object's IOD says of an attribute, for the decisions that depend on its Type. */
import type { DataSet } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { attributeType, hasIod } from '../standards/attribute-types.ts';
import type { IodFacts } from './table-actions.ts';

const unknownIod: IodFacts = { known: false, type: undefined };

/** Facts for one object: optional modules count where one of their attributes is present in the root data set. */
export function createIodFacts(
  sopClass: string,
  dataSet: DataSet,
): (path: readonly Tag[], tag: Tag) => IodFacts {
  if (!hasIod(sopClass)) return () => unknownIod;
  let tags: ReadonlySet<Tag> | undefined;
  const present = (tag: Tag): boolean => {
    tags ??= new Set(dataSet.elements.map((element) => element.tag));
    return tags.has(tag);
  };
  return (path, tag) => ({ known: true, type: attributeType(sopClass, [...path, tag], present) });
}
