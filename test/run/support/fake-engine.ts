/**
 * An engine for tests of the run: what it does stands in the first line of the object, as `verb sop payload`. Its
 * outputs depend on the bytes alone.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, EngineDecision, EngineOutput, EngineRecord } from '../../../worker/engine.ts';
import type { Verifier } from '../../../worker/verifier.ts';

/** Stands in every object and in every source key, and must stand nowhere else. */
export const secret = 'Mustermann';

const record: EngineRecord = {
  decisions: { 'E.1-1 X': 3 },
  methods: ['113100'],
  cleanups: [],
  modality: 'CT',
};

function uidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 20);
  return `2.25.${BigInt(`0x${digest}`)}`;
}

function outputOf(bytes: Uint8Array, sop: string): EngineOutput {
  const body = Buffer.from(createHash('sha512').update(bytes).digest('hex').repeat(20), 'utf8');
  return {
    patient: 'P1',
    study: uidOf('study'),
    series: uidOf('series'),
    instance: uidOf(sop),
    extension: 'dcm',
    size: body.length,
    chunks: () => [body.subarray(0, 100), body.subarray(100)],
  };
}

const parent = process.ppid;

/** Hangs for as long as there is a parent to end it: a test that kills the parent leaves nothing that spins. */
function spin(): never {
  while (process.ppid === parent) Math.sqrt(Math.random());
  process.exit(1);
}

/** Takes memory until there is none. */
function hoard(): never {
  const hoarded: unknown[] = [];
  for (;;) hoarded.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
}

async function decide(verb: string, sop: string, bytes: Uint8Array): Promise<EngineDecision> {
  const output = outputOf(bytes, sop);
  switch (verb) {
    case 'ok':
      return { outcome: 'deidentified', output, record };
    case 'slow':
      await pause(20);
      return { outcome: 'deidentified', output, record };
    case 'wrong':
      return { outcome: 'deidentified', output, record: { ...record, methods: ['wrong'] } };
    case 'review':
      return { outcome: 'review', reason: 'BurnedInAnnotation', at: '(0028,0301)', output, record };
    case 'reject':
      return { outcome: 'rejected', reason: 'Malformed', at: '(0008,0005)' };
    case 'unwanted':
      return { outcome: 'skipped', reason: 'NotSelected' };
    case 'throw':
      throw new Error(`cannot read ${secret}`);
    case 'flaky':
      if (process.env.DEID_TEST_FLAKY === 'fails') throw new Error(`cannot read ${secret}`);
      return { outcome: 'deidentified', output, record };
    case 'late-throw':
      return { outcome: 'deidentified', output: { ...output, chunks: () => [bytes.subarray(0, 1)] }, record };
    case 'leaky-key':
      return { outcome: 'deidentified', output: { ...output, patient: `../${secret} ` }, record };
    case 'hang':
      return spin();
    case 'hoard':
      return hoard();
    case 'sleep':
      await pause(60_000);
      return { outcome: 'deidentified', output, record };
    case 'kill-parent':
      process.kill(parent, 'SIGKILL');
      return spin();
    case 'crash':
      process.kill(process.pid, 'SIGKILL');
      return spin();
    default:
      return { outcome: 'rejected', reason: 'NotDicom' };
  }
}

export function createEngine(): Engine {
  return {
    deidentify: async (source) => {
      const bytes = await source.read(0, source.size);
      const [verb = '', sop = ''] = Buffer.from(bytes).toString('utf8').split('\n')[0]?.split(' ') ?? [];
      return decide(verb, sop, bytes);
    },
  };
}

/** Finds the outputs wrong whose record says so. */
export function createVerifier(): Verifier {
  return {
    begin: async (_source, _output, { methods }) => ({
      take: () => undefined,
      finish: () =>
        methods.includes('wrong') ? { reason: 'VerificationUid', at: '(0008,0018)' } : undefined,
    }),
  };
}
