/**
 * The second reader: reads the output of an object and its source with a parser, tables and formulas of its own, and says
 * what of the output is not as the profile, the key and the standard want it.
 */
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import type { EngineRecord } from '../engine.ts';
import type { Finding, Verification, Verifier } from '../verifier.ts';
import { type BulkComparison, bulkComparison } from './bulk-comparison.ts';
import { checkElements } from './check-elements.ts';
import { checkHead, checkStatements } from './check-statements.ts';
import { checkText, checkUidsInText } from './check-text.ts';
import { type Expectation, type ReadProfile, readProfile } from './expectation.ts';
import { identifyingValues, replacedUids } from './identifying-values.ts';
import { type KeyedIdentity, keyedIdentity, keyMaterial } from './identity.ts';
import { elementsOf, ObjectReader, type ReadElement, ReadFault } from './object-reader.ts';
import { inflated, longestHead, type ReadHead, type ReadSource, readHead, readSource } from './read-file.ts';
import { sourceFacts } from './source-facts.ts';

export interface VerifierOptions {
  /** A validated profile with its defaults filled in. */
  readonly profile: DeidProfileSpec;
  /** The bytes of the key file. */
  readonly key: Uint8Array;
}

const mostRemembered = 10_000;

/** Studies, series and patients recur from object to object; what the key makes of them is remembered for a while. */
function remembering(identity: KeyedIdentity): KeyedIdentity {
  const known = new Map<string, string | number>();
  const once = <T extends string | number>(key: string, make: () => T): T => {
    const before = known.get(key);
    if (before !== undefined) return before as T;
    if (known.size >= mostRemembered) known.clear();
    const made = make();
    known.set(key, made);
    return made;
  };
  return {
    uid: (original) => once(`uid ${original}`, () => identity.uid(original)),
    pseudonym: (patient, form) =>
      once(JSON.stringify(['pseudonym', patient, form]), () => identity.pseudonym(patient, form)),
    days: (patient, maxDays) =>
      once(JSON.stringify(['days', patient, maxDays]), () => identity.days(patient, maxDays)),
  };
}

/** Makes a verifier. What it says of an object does not hang on those before. */
export function createVerifier({ profile, key }: VerifierOptions): Verifier {
  const read = readProfile(profile);
  const identity = remembering(keyedIdentity(keyMaterial(key), profile.dicom.uidRoot));
  return {
    begin: async (source, _output, record) => {
      try {
        return verificationOf(await readSource(source), source, record, read, identity);
      } catch (error) {
        if (!(error instanceof ReadFault)) throw error;
        return { take: () => undefined, finish: () => ({ reason: 'VerificationUnreadable' }) };
      }
    },
  };
}

/** Reads an output as its chunks come: the header first, then the data set, which waits for its end where it is deflated. */
interface OutputReading {
  take(chunk: Uint8Array): void;
  /** Throws `ReadFault` where the output does not end where it should. */
  finish(): { readonly head: ReadHead; readonly reader: ObjectReader };
}

function outputReading(comparison: BulkComparison): OutputReading {
  let start: Buffer = Buffer.alloc(0);
  let head: ReadHead | undefined;
  let reader: ObjectReader | undefined;
  const deflatedChunks: Buffer[] = [];

  const begin = (bytes: Buffer): void => {
    head = readHead(bytes);
    const from = head.deflated ? 0 : head.dataSetStart;
    reader = new ObjectReader(head.encoding, from, { onBulk: comparison.see });
    feed(bytes.subarray(head.dataSetStart));
  };
  const feed = (bytes: Uint8Array): void => {
    if (head?.deflated) deflatedChunks.push(Buffer.from(bytes));
    else reader?.take(bytes);
  };
  return {
    take: (chunk) => {
      if (head !== undefined) return feed(chunk);
      start = Buffer.concat([start, chunk]);
      const metaEnd = start.length < 144 ? undefined : 144 + start.readUInt32LE(140);
      if (start.length >= longestHead || (metaEnd !== undefined && start.length >= metaEnd)) begin(start);
    },
    finish: () => {
      if (head === undefined) begin(start);
      if (head === undefined || reader === undefined) throw new ReadFault('short');
      if (head.deflated) reader.take(inflated(Buffer.concat(deflatedChunks)));
      reader.finish();
      return { head, reader };
    },
  };
}

function verificationOf(
  source: ReadSource,
  bytes: ByteSource,
  record: EngineRecord,
  profile: ReadProfile,
  identity: KeyedIdentity,
): Verification {
  const comparison = bulkComparison(source.root, source.resident, bytes);
  const reading = outputReading(comparison);
  let isUnreadable = false;

  const checked = (): Finding | undefined => {
    const { head, reader } = reading.finish();
    const { root } = reader;
    const output = [...elementsOf(root)];
    const facts = sourceFacts(source.root, profile, identity);
    const isUntouched = record.cleanups.length === 0 && profile.spec.dicom.rules.length === 0;
    const known = new Map<ReadElement, Expectation>();
    const expect = (element: ReadElement): Expectation => {
      const before = known.get(element);
      if (before !== undefined) return before;
      const expectation = profile.expect(element, facts.root);
      known.set(element, expectation);
      return expectation;
    };
    const expected = facts.elements.map((element) => [element, expect(element)] as const);
    return (
      checkHead(head, root, source.head) ??
      checkElements(output, facts, profile, expect) ??
      checkText(output, identifyingValues(expected), expect) ??
      checkUidsInText(output, replacedUids(expected), expect) ??
      checkStatements(root, profile, record) ??
      (isUntouched ? comparison.finding(root) : undefined)
    );
  };
  const guarded = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      isUnreadable = true;
      return undefined;
    }
  };
  return {
    take: (chunk) => {
      if (isUnreadable) return undefined;
      guarded(() => reading.take(chunk));
      return comparison.settle();
    },
    finish: () => {
      const finding = isUnreadable ? undefined : guarded(checked);
      return isUnreadable ? { reason: 'VerificationUnreadable' } : finding;
    },
  };
}
