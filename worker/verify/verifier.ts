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
import { createFoldedTexts, type FoldedTexts } from './folded-text.ts';
import { soughtValues } from './identifying-values.ts';
import {
  type KeyedIdentity,
  keyedIdentity,
  keyMaterial,
  type Patient,
  type PseudonymForm,
} from './identity.ts';
import { ObjectReader, ReadFault } from './object-reader.ts';
import type { ReadElement } from './read-element.ts';
import { inflated, longestHead, type ReadHead, type ReadSource, readHead, readSource } from './read-file.ts';
import { remembering } from './remembering.ts';
import { sourceFacts } from './source-facts.ts';

export interface VerifierOptions {
  /** A validated profile with its defaults filled in. */
  readonly profile: DeidProfileSpec;
  /** The bytes of the key file. */
  readonly key: Uint8Array;
}

/** Studies, series and patients recur from object to object; what the key makes of them is remembered for a while. */
function rememberingIdentity(identity: KeyedIdentity): KeyedIdentity {
  const pseudonym = remembering((of) => identity.pseudonym(...(JSON.parse(of) as [Patient, PseudonymForm])));
  const days = remembering((of) => identity.days(...(JSON.parse(of) as [Patient, number])));
  return {
    uid: remembering(identity.uid),
    pseudonym: (patient, form) => pseudonym(JSON.stringify([patient, form])),
    days: (patient, maxDays) => days(JSON.stringify([patient, maxDays])),
  };
}

/** What is made once and serves all objects. */
interface Knowledge {
  readonly profile: ReadProfile;
  readonly identity: KeyedIdentity;
  readonly texts: FoldedTexts;
  /** Memory for the short values of outputs that nobody reads at present. */
  readonly arenas: Buffer[];
}

const arenaBytes = 64 * 1024;

/** Makes a verifier. What it says of an object does not hang on those before. */
export function createVerifier({ profile, key }: VerifierOptions): Verifier {
  const knowledge: Knowledge = {
    profile: readProfile(profile),
    identity: rememberingIdentity(keyedIdentity(keyMaterial(key), profile.dicom.uidRoot)),
    texts: createFoldedTexts(),
    arenas: [],
  };
  return {
    begin: async (source, _output, record) => {
      try {
        return verificationOf(await readSource(source), source, record, knowledge);
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

function outputReading(comparison: BulkComparison, arena: Buffer): OutputReading {
  let start: Buffer = Buffer.alloc(0);
  let head: ReadHead | undefined;
  let reader: ObjectReader | undefined;
  const deflatedChunks: Buffer[] = [];

  const begin = (bytes: Buffer): void => {
    head = readHead(bytes);
    const from = head.deflated ? 0 : head.dataSetStart;
    reader = new ObjectReader(head.encoding, from, { onBulk: comparison.see, arena });
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
  { profile, identity, texts, arenas }: Knowledge,
): Verification {
  const comparison = bulkComparison(source, bytes, record);
  const arena = arenas.pop() ?? Buffer.allocUnsafeSlow(arenaBytes);
  const reading = outputReading(comparison, arena);
  let isUnreadable = false;

  const checked = (): Finding | undefined => {
    const { head, reader } = reading.finish();
    const { root, elements: output } = reader;
    const facts = sourceFacts(source.root, source.elements, profile, identity);
    const expect = (element: ReadElement): Expectation => profile.expect(element, source.root);
    const moveBy = profile.dates === 'keep' ? undefined : profile.dates === 'shift' ? facts.days : 0;
    const sought = soughtValues(source.elements, expect, texts, moveBy);
    return (
      checkHead(head, root, source.head) ??
      checkElements(output, facts, profile, expect) ??
      checkText(output, comparison.texts, sought, expect, texts) ??
      checkUidsInText(output, sought, expect) ??
      checkStatements(root, profile, record) ??
      comparison.finding(output, expect)
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
      arenas.push(arena);
      return isUnreadable ? { reason: 'VerificationUnreadable' } : finding;
    },
  };
}
