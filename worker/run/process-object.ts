/**
 * Takes one object through: open, decide, write, record. Whatever happens to it, it ends in one record; only a store
 * that is full or denies writing ends the shard.
 */
import { createHash, hash as digestOf } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { type ByteSource, residentSource } from '../bytes/byte-source.ts';
import type { PlanCipher } from '../deid/identity/plan-cipher.ts';
import type { Engine, EngineDecision, EngineOutput } from '../engine.ts';
import { faultPlace } from '../log/fault-place.ts';
import type { Log } from '../log/log.ts';
import type { ReasonCode } from '../reason-codes.ts';
import type { Body, OpenObject, Storage } from '../storage/storage.ts';
import { isContentMismatch, StorageError } from '../storage/storage-error.ts';
import { hasDigest } from '../storage/whole-object.ts';
import type { Finding, Verifier } from '../verifier.ts';
import { digestingSource } from './digesting-source.ts';
import { quarantineLayout } from './layout.ts';
import type { ObjectItem } from './object-messages.ts';
import type { ObjectInput, ObjectRecord, WrittenOutput } from './object-record.ts';
import type { Areas } from './probe.ts';
import { type AreaName, areaError, RunError } from './run-error.ts';
import { withinTime } from './time-limit.ts';

/** Objects up to this many bytes are read whole, into memory that the next object uses again. */
export const wholeObjectBytes = 16 * 1024 * 1024;

export interface ObjectContext {
  readonly run: string;
  readonly areas: Areas;
  readonly engine: Engine;
  readonly verifier: Verifier;
  readonly cipher: PlanCipher;
  readonly log: Log;
  /** Milliseconds that the engine may take for an object of that many bytes. */
  readonly timeLimitMs: (size: number) => number;
  /** Waits before a write is tried again. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Memory for one object at a time. `allocate` is asked anew after an object that ran out of time may still read from it. */
export interface ReadBuffer {
  take(size: number): Uint8Array;
  abandon(): void;
}

/** A buffer that grows to the largest object it has held. */
export function createReadBuffer(): ReadBuffer {
  let buffer = Buffer.allocUnsafeSlow(0);
  return {
    take: (size) => {
      if (buffer.length < size)
        buffer = Buffer.allocUnsafeSlow(Math.min(wholeObjectBytes, Math.ceil(size * 1.5)));
      return buffer.subarray(0, size);
    },
    abandon: () => {
      buffer = Buffer.allocUnsafeSlow(0);
    },
  };
}

/** Takes objects through, one after another. */
export type ObjectTaker = (item: ObjectItem) => Promise<ObjectRecord>;

/** Takes objects through in this process, in memory of its own. */
export function localTaker(context: ObjectContext): ObjectTaker {
  const buffer = createReadBuffer();
  return (item) => processObject(item, context, buffer);
}

/** An object that cannot be taken further, for a reason that is its record. */
class ObjectFailure extends Error {
  readonly reason: ReasonCode;

  constructor(reason: ReasonCode) {
    super(reason);
    this.reason = reason;
  }
}

/** Gives the record of the item. Throws `RunError` where the run cannot go on. */
export async function processObject(
  item: ObjectItem,
  context: ObjectContext,
  buffer: ReadBuffer,
): Promise<ObjectRecord> {
  const input: { size: number; sha256?: string } = { size: item.size };
  try {
    const object = await openSource(item, context);
    if (object === undefined) {
      return await carryOut(item, { outcome: 'rejected', reason: 'UnusableKey' }, input, undefined, context);
    }
    try {
      return await againAfterMismatch(() => processOpen(item, object, input, context, buffer));
    } finally {
      await object.close();
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (error instanceof ObjectFailure) return failed(item, input, error.reason);
    if (error instanceof StorageError) return failed(item, input, sourceReason(error));
    context.log.error('object fault', { ordinal: item.ordinal, reason: 'EngineFault', ...faultPlace(error) });
    return failed(item, input, 'EngineFault');
  }
}

/** Times that an object is gone through whose bytes came otherwise than the store has them. */
const tries = 3;

async function againAfterMismatch<T>(act: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isContentMismatch(error) || count === tries) throw error;
    }
  }
}

function failed(item: ObjectItem, input: ObjectInput, reason: ReasonCode): ObjectRecord {
  return { ordinal: item.ordinal, outcome: 'failed', reason, input };
}

function sourceReason(error: StorageError): ReasonCode {
  return error.code === 'NotFound' || error.code === 'SourceChanged' ? 'SourceChanged' : 'StorageFault';
}

/** Undefined where the object has a key that the store cannot be asked for. */
async function openSource(item: ObjectItem, context: ObjectContext): Promise<OpenObject | undefined> {
  const text = context.cipher.open(item.ordinal, item.sealedKey);
  if (text === undefined) {
    throw new RunError('KeyUnusable', 'the plan was made with another project key, or has been changed');
  }
  const object = await openUsable(context.areas.source, JSON.parse(text) as string, item);
  if (object === undefined || object.size === item.size) return object;
  await object.close();
  throw new ObjectFailure('SourceChanged');
}

async function openUsable(
  source: Storage,
  key: string,
  { version, size }: ObjectItem,
): Promise<OpenObject | undefined> {
  try {
    return await source.open(key, version, size);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'InvalidKey') return undefined;
    throw error;
  }
}

async function processOpen(
  item: ObjectItem,
  object: OpenObject,
  input: { size: number; sha256?: string },
  context: ObjectContext,
  buffer: ReadBuffer,
): Promise<ObjectRecord> {
  if (object.size <= wholeObjectBytes) {
    const bytes = buffer.take(object.size);
    await object.readInto(0, bytes);
    input.sha256 = digestOf('sha256', bytes, 'hex');
    const source = residentSource(bytes);
    const decision = await decide(item, source, context, buffer);
    const read = await readOutput(decision, source, context.verifier);
    return carryOut(item, verified(decision, read?.finding), input, read?.sha256, context);
  }
  const source = digestingSource(object, await object.contentCheck?.());
  const decision = await decide(item, source, context, buffer);
  source.startDigest();
  const read = await readOutput(decision, source.again, context.verifier);
  input.sha256 = await source.digest();
  return carryOut(item, verified(decision, read?.finding), input, read?.sha256, context);
}

async function decide(
  item: ObjectItem,
  source: ByteSource,
  context: ObjectContext,
  buffer: ReadBuffer,
): Promise<EngineDecision> {
  const decision = await withinTime(context.engine.deidentify(source), context.timeLimitMs(item.size));
  if (decision !== 'late') return decision;
  buffer.abandon();
  throw new ObjectFailure('TimeLimit');
}

/** What one reading of an output gives. */
interface OutputReading {
  readonly sha256: string;
  readonly finding: Finding | undefined;
}

/** Reads the output once, for its SHA-256 and for the verifier. Its size must be what the engine says. */
async function readOutput(
  decision: EngineDecision,
  source: ByteSource,
  verifier: Verifier,
): Promise<OutputReading | undefined> {
  if (!('output' in decision)) return undefined;
  const { output, record } = decision;
  const verification = await verifier.begin(source, output, record);
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of output.chunks()) {
    size += chunk.length;
    hash.update(chunk);
    const waits = verification.take(chunk);
    if (waits !== undefined) await waits;
  }
  if (size !== output.size) throw new ObjectFailure('EngineFault');
  return { sha256: hash.digest('hex'), finding: verification.finish() };
}

/** An output with a finding is held back; what the engine has held back itself keeps the engine's reason. */
function verified(decision: EngineDecision, finding: Finding | undefined): EngineDecision {
  if (decision.outcome !== 'deidentified' || finding === undefined) return decision;
  return { ...decision, outcome: 'review', ...finding };
}

async function carryOut(
  item: ObjectItem,
  decision: EngineDecision,
  input: ObjectInput,
  sha256: string | undefined,
  context: ObjectContext,
): Promise<ObjectRecord> {
  const { ordinal } = item;
  const quarantine = quarantineLayout(context.run);
  switch (decision.outcome) {
    case 'deidentified': {
      const { outcome, output, record } = decision;
      const written = describe(output, sha256 ?? '', destinationKey(output, sha256 ?? ''));
      await put('destination', written, output, context);
      return { ordinal, outcome, input, output: written, record };
    }
    case 'review': {
      const { outcome, reason, at, output, record } = decision;
      const key = quarantine.reviewCandidate(ordinal, sha256 ?? '', segment(output.extension));
      const written = describe(output, sha256 ?? '', key);
      await put('quarantine', written, output, context);
      const held = { ordinal, outcome, reason, ...place(at), input, output: written, record };
      await putRecord(quarantine.reviewRecord(ordinal), held, context);
      return held;
    }
    case 'rejected': {
      const held = {
        ordinal,
        outcome: decision.outcome,
        reason: decision.reason,
        ...place(decision.at),
        input,
      };
      await putRecord(quarantine.rejectedRecord(ordinal), held, context);
      return held;
    }
    case 'skipped':
      return { ordinal, outcome: decision.outcome, reason: decision.reason, input };
    default:
      return decision satisfies never;
  }
}

function place(at: string | undefined): { readonly at?: string } {
  return at === undefined ? {} : { at };
}

function describe(output: EngineOutput, sha256: string, key: string): WrittenOutput {
  return { key, size: output.size, sha256, instance: output.instance };
}

function destinationKey(output: EngineOutput, sha256: string): string {
  const folders = [output.patient, output.study, output.series].map(segment).join('/');
  return `${folders}/${segment(output.instance)}-${sha256.slice(0, 12)}.${segment(output.extension)}`;
}

/** New identifiers are of few characters; anything else would be an engine that lets something through. */
function segment(text: string): string {
  if (/^[\w.-]{1,128}$/.test(text) && text !== '.' && text !== '..') return text;
  throw new ObjectFailure('EngineFault');
}

/** Writes the output. A key that is taken must hold the same bytes. */
async function put(
  area: 'destination' | 'quarantine',
  written: WrittenOutput,
  output: EngineOutput,
  context: ObjectContext,
): Promise<void> {
  const storage = context.areas[area];
  const result = await writing(area, context, async (blame) =>
    storage.create(written.key, {
      size: output.size,
      sha256: written.sha256,
      chunks: sentChunks(output, blame),
    }),
  );
  if (result === 'created') return;
  const same = await writing(area, context, () =>
    hasDigest(storage, written.key, written.size, written.sha256),
  );
  if (!same) throw new ObjectFailure('DestinationConflict');
}

/** Writes a record beside what is held back. The digest of the input, by which it could be looked up, stays in the work area. */
async function putRecord(key: string, record: ObjectRecord, context: ObjectContext): Promise<void> {
  const storage: Storage = context.areas.quarantine;
  const bytes = Buffer.from(`${canonicalJson({ ...record, input: { size: record.input.size } })}\n`, 'utf8');
  const body = { size: bytes.length, chunks: [bytes] };
  if ((await writing('quarantine', context, () => storage.create(key, body))) === 'created') return;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const same = await writing('quarantine', context, () => hasDigest(storage, key, bytes.length, sha256));
  if (!same) throw new ObjectFailure('DestinationConflict');
}

/** Hands an error of the chunks' own making to `blame`, so that it is not taken for one of the store they go to. */
async function* blamed(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  blame: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    blame(error);
    throw error;
  }
}

/** The chunks of an output on their way to a store. Those that are in memory cannot fail. */
function sentChunks(output: EngineOutput, blame: (error: unknown) => void): Body['chunks'] {
  const chunks = output.chunks();
  return Array.isArray(chunks) ? chunks : blamed(chunks, blame);
}

const retryPausesMs = [100, 1000, 5000];

/** Writes to an area: tries again what may succeed, and ends the run where no object could be written. */
async function writing<T>(
  area: AreaName,
  context: ObjectContext,
  act: (blame: (error: unknown) => void) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    let ofSource: { readonly error: unknown } | undefined;
    try {
      return await act((error) => {
        ofSource = { error };
      });
    } catch (error) {
      if (ofSource !== undefined || !(error instanceof StorageError)) throw error;
      const pauseMs = retryPausesMs[attempt];
      if (error.retryable && pauseMs !== undefined) await context.pause(pauseMs);
      else if (error.code === 'InvalidKey' || (error.code === 'Fault' && !error.retryable)) {
        throw new ObjectFailure('StorageFault');
      } else throw areaError(area, error);
    }
  }
}
