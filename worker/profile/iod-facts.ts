/** Looks up what an object's IOD says of an attribute, for the decisions that depend on its Type. */
import type { DataSet } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { attributeType, hasIod } from '../standards/attribute-types.ts';
import type { IodFacts } from './table-actions.ts';

const unknownIod: IodFacts = { known: false, type: undefined };

/** Responsible Person and Organization: Type 2C, required if the patient is an animal (PS3.3 section C.7.1.1). */
const dueForAnimals: ReadonlySet<Tag> = new Set([0x00102297, 0x00102299]);
/** Patient Species Description and Code Sequence, which animals have. */
const animal: readonly Tag[] = [0x00102201, 0x00102202];

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
  const factsAt = (path: readonly Tag[], tag: Tag): IodFacts => {
    const type = attributeType(sopClass, [...path, tag], present);
    const isDue = type === '2C' && path.length === 0 && dueForAnimals.has(tag) && animal.some(present);
    return { known: true, type: isDue ? '2' : type };
  };
  // Deciding and carrying out ask for the same attribute; most stand in the root data set.
  const atRoot = new Map<Tag, IodFacts>();
  return (path, tag) => {
    if (path.length > 0) return factsAt(path, tag);
    const known = atRoot.get(tag);
    if (known !== undefined) return known;
    const facts = factsAt(path, tag);
    atRoot.set(tag, facts);
    return facts;
  };
}
