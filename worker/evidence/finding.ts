/** What a check of a run's evidence finds: a kind and a place, never a value, a source key or a key in an area. */

export const findingMeanings = Object.freeze({
  RootUnreadable: 'The root of the ledger is missing or damaged.',
  RootAltered: 'The root is not the one of the records.',
  RootUnexpected: 'The root is another one than the one that was given.',
  ContextAltered: 'The root states another run spec, profile, plan, engine or key than the run has.',
  ChainBroken: 'The root names another root as that of the attempt before it.',
  ListAltered: 'The list of shards that an attempt left behind is missing or damaged.',
  SummaryAltered: 'The summary is damaged, or states another root or number of records.',
  SignatureMissing: 'The root is not signed.',
  SignatureAltered: 'The signature is damaged, or not one of this root.',
  SignatureForeign: 'The signature was made with another key than the one that was given.',
  ShardEndAltered: "What closes the shard's lines is missing, or not what the lines give.",
  ShardAdded: 'The ledger holds files of a shard, or pieces of one, that the run does not have.',
  RecordAltered: 'The record, or what stands beside it, is not what was sealed.',
  RecordMissing: 'The record is missing.',
  RecordAdded: 'A record stands there that was not sealed.',
  RecordMoved: 'The record stands in another place than it was sealed in.',
  SegmentAltered: 'A segment of the journal is damaged.',
  JournalAltered: 'The journal says something else than the record, or lacks it.',
  ProofUnreadable: 'The proof is damaged, or of another version.',
  ProofBroken: 'The record of the proof is not one of its root.',
  OutputMissing: 'The output is missing.',
  OutputAltered: 'The output has other bytes than were written.',
  OutputUnknown: 'No record knows of the object.',
  HeldRecordMissing: 'The record in quarantine is missing.',
  HeldRecordAltered: 'The record in quarantine is not what was written.',
} as const satisfies Readonly<Record<string, string>>);

export type FindingKind = keyof typeof findingMeanings;

export interface Finding {
  readonly kind: FindingKind;
  readonly shard?: number;
  /** The attempt, where it is not the first. */
  readonly attempt?: number;
  /** The object's number in the plan. */
  readonly ordinal?: number;
  readonly area?: 'destination' | 'quarantine';
  /** Of an object that no record knows: its place, from 1, among all of the area in order of the keys' UTF-8 bytes. */
  readonly listed?: number;
}

/** Ends a walk through evidence at its first difference. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(findingMeanings[finding.kind]);
    this.finding = finding;
  }
}

/** `RecordAltered, ordinal 17, shard 2: The record …` */
export function findingText({ kind, ordinal, shard, attempt, area, listed }: Finding): string {
  const places = [
    kind,
    ...(ordinal === undefined ? [] : [`ordinal ${ordinal}`]),
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(area === undefined ? [] : [area]),
    ...(listed === undefined ? [] : [`object ${listed} in order of keys`]),
  ];
  return `${places.join(', ')}: ${findingMeanings[kind]}`;
}
