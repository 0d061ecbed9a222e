/** What the verifier knows of an object's source: its values by tag, its patients, what the key makes of them. */

import type { ReadProfile } from './expectation.ts';
import { type KeyedIdentity, type Patient, patientOf } from './identity.ts';
import { elementIn, elementsOf, type ReadDataSet, type ReadElement } from './object-reader.ts';
import { isRegisteredUid } from './tables.ts';
import { textOf, valuesOf } from './values.ts';

export interface SourceFacts {
  readonly root: ReadDataSet;
  readonly elements: readonly ReadElement[];
  readonly byTag: ReadonlyMap<number, readonly ReadElement[]>;
  /** Values of all elements of a tag. */
  values(tag: number): ReadonlySet<string>;
  /** What stands for the UIDs of the source. */
  readonly mappedUids: ReadonlySet<string>;
  /** Pseudonyms of the patients whom the object names. */
  readonly pseudonyms: ReadonlySet<string>;
  /** Days by which dates move into the past. */
  readonly days: number;
}

function text(dataSet: ReadDataSet, tag: number): string {
  const element = elementIn(dataSet, tag);
  return element === undefined || element.items !== undefined ? '' : textOf(element);
}

function patientsOf(
  root: ReadDataSet,
  elements: readonly ReadElement[],
  { spec }: ReadProfile,
): readonly Patient[] {
  const { defaultIssuer } = spec.dicom.patientIdentity;
  const at = (dataSet: ReadDataSet): Patient | undefined =>
    patientOf({
      id: text(dataSet, 0x00100020),
      issuer: text(dataSet, 0x00100021),
      defaultIssuer,
      study: text(root, 0x0020000d),
      instance: text(root, 0x00080018),
    });
  const dataSets = new Set([root]);
  for (const { tag, dataSet } of elements) if (tag === 0x00100020) dataSets.add(dataSet);
  return [...dataSets].map(at).filter((patient) => patient !== undefined);
}

export function sourceFacts(root: ReadDataSet, profile: ReadProfile, identity: KeyedIdentity): SourceFacts {
  const elements = [...elementsOf(root)];
  const byTag = new Map<number, ReadElement[]>();
  for (const element of elements) {
    const same = byTag.get(element.tag);
    if (same === undefined) byTag.set(element.tag, [element]);
    else same.push(element);
  }
  const values = new Map<number, ReadonlySet<string>>();
  const valuesAt = (tag: number): ReadonlySet<string> => {
    let found = values.get(tag);
    if (found === undefined) {
      found = new Set((byTag.get(tag) ?? []).flatMap(valuesOf));
      values.set(tag, found);
    }
    return found;
  };
  const uids = new Set(
    elements
      .flatMap((element) => (element.vr === 'UI' ? valuesOf(element) : []))
      .filter((uid) => uid !== '' && !isRegisteredUid(uid)),
  );
  const patients = patientsOf(root, elements, profile);
  const { prefix, length } = profile.spec.dicom.patientIdentity.pseudonym;
  const [own] = patients;
  return {
    root,
    elements,
    byTag,
    values: valuesAt,
    mappedUids: new Set([...uids].map(identity.uid)),
    pseudonyms: new Set(patients.map((patient) => identity.pseudonym(patient, { prefix, length }))),
    days: own === undefined ? 0 : identity.days(own, profile.spec.dicom.dates.shiftDays.maxDays),
  };
}
