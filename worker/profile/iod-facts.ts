/** Looks up what an object's IOD says of an attribute, for the decisions that depend on its Type. */
import type { DataSet } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { hasIod, modulesInUse } from '../standards/attribute-types.ts';
import { createPlaceMemory } from './place-memory.ts';
import type { IodFacts } from './table-actions.ts';

/** What the IOD of an object says of the attribute `tag` under the sequences `path`. */
export type IodFactsAt = (path: readonly Tag[], tag: Tag) => IodFacts;

const unknownFacts: IodFacts = Object.freeze({ known: false, type: undefined });
const unknownIod: IodFactsAt = () => unknownFacts;

/** Responsible Person and Organization: Type 2C, required if the patient is an animal (PS3.3 section C.7.1.1). */
const dueForAnimals: ReadonlySet<Tag> = new Set([0x00102297, 0x00102299]);
/** Patient Species Description and Code Sequence, which animals have. */
const animal: readonly Tag[] = [0x00102201, 0x00102202];

const mostRemembered = 200;

/**
 * Gives the facts for objects: optional modules count where one of their attributes is present in the root data set.
 * Objects of one IOD with the same modules in use get the same function, which asks the tables once for each place.
 */
export function createIodFacts(): (sopClass: string, dataSet: DataSet) => IodFactsAt {
  const remembered = new Map<string, IodFactsAt>();
  return (sopClass, dataSet) => {
    if (!hasIod(sopClass)) return unknownIod;
    const tags: ReadonlySet<Tag> = new Set(dataSet.elements.map((element) => element.tag));
    const modules = modulesInUse(sopClass, (tag) => tags.has(tag));
    const isAnimal = animal.some((tag) => tags.has(tag));
    const key = `${modules.key} ${isAnimal}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;

    const places = createPlaceMemory<IodFacts>();
    const factsAt: IodFactsAt = (path, tag) =>
      places.at(path, tag, () => {
        const type = modules.typeOf([...path, tag]);
        const isDue = type === '2C' && path.length === 0 && dueForAnimals.has(tag) && isAnimal;
        return { known: true, type: isDue ? '2' : type };
      });
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, factsAt);
    return factsAt;
  };
}
