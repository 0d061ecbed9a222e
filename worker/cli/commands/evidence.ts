/** `deid evidence`: records of a run as they may leave its work area, and proofs for single outputs. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { canonicalJson } from '../../../crds/records/canonical-json.ts';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { EvidenceError } from '../../evidence/finding.ts';
import { openLedger } from '../../evidence/ledger-entries.ts';
import { createMerkleTree } from '../../evidence/merkle.ts';
import { checkProof, decodeProof, type InclusionProof, proveOutput } from '../../evidence/proof.ts';
import type { KnownRun } from '../../run/list-runs.ts';
import { RunError } from '../../run/run-error.ts';
import type { Storage } from '../../storage/storage.ts';
import {
  type Command,
  type CommandArguments,
  type CommandIo,
  flagOption,
  textOption,
  UsageError,
} from '../command.ts';
import { jsonOption } from '../job-arguments.ts';
import { anchorOptions, anchorsOf } from '../signing-arguments.ts';
import { knownRun, workAreaOf, workAreaOptions } from '../work-area-arguments.ts';

/** A proof has a few thousand bytes; a larger file is something else. */
const largestProof = 1024 * 1024;

/** Reads a file that the command line names; what goes wrong is told without its name. */
async function reading<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new RunError('BadConfiguration', `the ${what} cannot be read${code}`);
  }
}

/** The SHA-256 that `--output` gives, or that of the file which it names; undefined where it does not stand. */
async function outputDigest(args: CommandArguments, io: CommandIo): Promise<string | undefined> {
  const output = textOption(args, 'output');
  if (output === undefined) return undefined;
  const digest = /^(?:sha256:)?([0-9a-f]{64})$/.exec(output)?.[1];
  if (digest !== undefined) return digest;
  return reading('file of --output', async () => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(resolve(io.cwd, output))) hash.update(chunk);
    return hash.digest('hex');
  });
}

async function readProof(path: string): Promise<InclusionProof> {
  const text = await reading('proof', async () =>
    (await stat(path)).size > largestProof ? '' : await readFile(path, 'utf8'),
  );
  const proof = decodeProof(text);
  if (proof === undefined) throw new EvidenceError({ kind: 'ProofUnreadable' });
  return proof;
}

/** The root statement, then a record a line. */
async function listRecords(work: Storage, known: KnownRun, io: CommandIo): Promise<void> {
  const ledger = await openLedger(work, known);
  const tree = createMerkleTree();
  io.stdout.write(`${canonicalJson(ledger.statement)}\n`);
  for await (const { entry, leaf } of ledger.entries(tree)) {
    if (io.signal.aborted) throw new RunError('Interrupted', 'stopped by a signal');
    tree.append(leaf);
    io.stdout.write(`${canonicalJson(entry.record)}\n`);
  }
}

function proofText({ statement, record, signature }: InclusionProof, profile?: string): string {
  const { context } = statement;
  return [
    `Record          ${record.ordinal} of ${statement.entries}: ${record.outcome}`,
    `Output          sha256:${record.output?.sha256}, ${record.output?.size} B, ${record.output?.area}`,
    `Run             ${context.run}, run spec ${context.runSpec}`,
    `Profile         ${profile === undefined ? '' : `${profile}, `}${context.profile}`,
    `Engine          ${context.engine.version}, ${context.engine.digest}`,
    `Project key     ${context.key}`,
    `Root            ${statement.root}`,
    `Signature       ${signature === undefined ? 'none' : `by key ${signature.keyId}`}`,
    '',
  ].join('\n');
}

async function checkFile(path: string, args: CommandArguments, io: CommandIo): Promise<void> {
  const anchors = await anchorsOf(args, io);
  if (anchors.root === undefined && anchors.publicKey === undefined)
    throw new UsageError('a proof is checked against --root or --public-key, from whom you trust');
  const output = await outputDigest(args, io);
  const proof = await readProof(path);
  const finding = checkProof(proof, { ...anchors, ...(output === undefined ? {} : { output }) });
  if (finding !== undefined) throw new EvidenceError(finding);
  io.stdout.write(
    flagOption(args, 'json') ? `${canonicalJson(proof)}\n` : `The proof holds.\n${proofText(proof)}`,
  );
}

export const command: Command = {
  name: 'evidence',
  summary: 'List the records of a run, prove what made an output, check such a proof',
  usage:
    '(RUN (--format jsonl | --output SHA256|FILE) (--work-area PLACE | -f FILE… [--volume NAME=DIR…]) |\n' +
    '                      --check PROOF (--root ROOT | --public-key KEY) [--output SHA256|FILE]) [--json]',
  details:
    '--format jsonl prints the root statement and then a record a line, as they may leave the work area: no digest of an\n' +
    'input is among them. --output says which run, profile and engine made an output; with --json it prints the proof,\n' +
    'which --check checks anywhere, without the work area. Records that are not as sealed end with EvidenceBroken.',
  options: {
    ...workAreaOptions,
    format: { type: 'string', placeholder: 'jsonl', description: 'List all records, one a line.' },
    output: {
      type: 'string',
      placeholder: 'SHA256|FILE',
      description: 'The output in question: its SHA-256, or a file of its bytes.',
    },
    check: { type: 'string', placeholder: 'PROOF', description: 'Check the proof in this file.' },
    ...anchorOptions,
    ...jsonOption,
  },
  async run(args, io) {
    const [word, ...rest] = args.positionals;
    const [proof, format] = [textOption(args, 'check'), textOption(args, 'format')];
    if (proof !== undefined) {
      if (word !== undefined) throw new UsageError('--check takes no run');
      await checkFile(resolve(io.cwd, proof), args, io);
      return exitCodes.Success.code;
    }
    if (word === undefined || rest.length > 0) throw new UsageError('name one run');
    const digest = await outputDigest(args, io);
    if ((format === undefined) === (digest === undefined) || (format !== undefined && format !== 'jsonl'))
      throw new UsageError('say either --format jsonl or --output');
    const work = await workAreaOf(args, io);
    const known = await knownRun(work, word);
    if (digest === undefined) {
      await listRecords(work, known, io);
      return exitCodes.Success.code;
    }
    const found = await proveOutput(work, known, digest);
    if (found === undefined) throw new RunError('NoSuchRun', 'no record of the run has that output');
    const { name } = known.runSpec.profile;
    io.stdout.write(flagOption(args, 'json') ? `${canonicalJson(found)}\n` : proofText(found, name));
    return exitCodes.Success.code;
  },
};
