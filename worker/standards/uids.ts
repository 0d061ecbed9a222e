/** The UIDs that PS3.6 2026c registers in Annex A. */
import data from './data/uids.json' with { type: 'json' };

/** What PS3.6 says of a registered UID. */
export interface UidFacts {
  readonly name: string;
  /** `SOPClass`, `TransferSyntax`, `WellKnownFrameOfReference` and so on, as PS3.6 sorts them. */
  readonly type: string;
  readonly retired: boolean;
}

const registered: ReadonlyMap<string, UidFacts> = new Map(
  data.rows.map((row) => {
    const [uid = '', name = '', type = '', retired] = row.split('\t');
    return [uid, { name, type, retired: retired === 'R' }];
  }),
);

export function uidFacts(uid: string): UidFacts | undefined {
  return registered.get(uid);
}

/** True for every UID that the standard registers: it names a thing of the standard, never of a patient. */
export function isWellKnown(uid: string): boolean {
  return registered.has(uid);
}
