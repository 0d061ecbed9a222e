/** What the verifier knows of an object's source: its values by tag, its patients, what the key makes of them. */

import { movedDate } from './allowed-values.ts';
import type { ReadProfile } from './expectation.ts';
import { type KeyedIdentity, type Patient, patientOf } from './identity.ts';
import type { ReadDataSet, ReadElement } from './read-element.ts';
import { isRegisteredUid } from './tables.ts';
import { textIn, valuesOf } from './values.ts';

export interface SourceFacts {
  readonly root: ReadDataSet;
  /** Values of all dates, times and UIDs of a tag. */
  values(tag: number): ReadonlySet<string>;
  /** What the dates, times of day aside, become. */
  movedValues(tag: number): ReadonlySet<string>;
  /** What stands for the UIDs of the source. */
  readonly mappedUids: ReadonlySet<string>;
  /** Pseudonyms of the patients whom the object names. */
  readonly pseudonyms: ReadonlySet<string>;
  /** Days by which dates move into the past. */
  readonly days: number;
}

function patientsOf(
  root: ReadDataSet,
  elements: readonly ReadElement[],
  { spec }: ReadProfile,
): readonly Patient[] {
  const { defaultIssuer } = spec.dicom.patientIdentity;
  const at = (dataSet: ReadDataSet): Patient | undefined =>
    patientOf({
      id: textIn(dataSet, 0x00100020),
      issuer: textIn(dataSet, 0x00100021),
      defaultIssuer,
      study: textIn(root, 0x0020000d),
      instance: textIn(root, 0x00080018),
    });
  const dataSets = new Set([root]);
  for (const { tag, dataSet } of elements) if (tag === 0x00100020) dataSets.add(dataSet);
  return [...dataSets].map(at).filter((patient) => patient !== undefined);
}

const comparedVrs = new Set('DA DT TM UI'.split(' '));

export function sourceFacts(
  root: ReadDataSet,
  elements: readonly ReadElement[],
  profile: ReadProfile,
  identity: KeyedIdentity,
): SourceFacts {
  const byTag = new Map<number, ReadElement[]>();
  const mappedUids = new Set<string>();
  for (const element of elements) {
    if (!comparedVrs.has(element.vr)) continue;
    const same = byTag.get(element.tag);
    if (same === undefined) byTag.set(element.tag, [element]);
    else same.push(element);
    if (element.vr !== 'UI') continue;
    for (const uid of valuesOf(element))
      if (uid !== '' && !isRegisteredUid(uid)) mappedUids.add(identity.uid(uid));
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
  const patients = patientsOf(root, elements, profile);
  const { prefix, length } = profile.spec.dicom.patientIdentity.pseudonym;
  const [own] = patients;
  const days = own === undefined ? 0 : identity.days(own, profile.spec.dicom.dates.shiftDays.maxDays);
  const moved = new Map<number, ReadonlySet<string>>();
  return {
    root,
    values: valuesAt,
    movedValues: (tag) => {
      let found = moved.get(tag);
      if (found === undefined) {
        found = new Set([...valuesAt(tag)].map((value) => movedDate(value, days) ?? ''));
        moved.set(tag, found);
      }
      return found;
    },
    mappedUids,
    pseudonyms: new Set(patients.map((patient) => identity.pseudonym(patient, { prefix, length }))),
    days,
  };
}
