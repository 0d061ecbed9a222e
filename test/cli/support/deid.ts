/** Calls the command line as a person would, in this process or in one of its own. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../worker/cli/cli.ts';

const program = fileURLToPath(new URL('../../../worker/cli/deid.mjs', import.meta.url));

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function deid(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly stdin?: string;
    readonly isTty?: boolean;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Said> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(args, {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    stdin: ReadableStream.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    isTty: options.isTty ?? false,
    env: {},
    cwd: options.cwd ?? '/',
    signal: options.signal ?? new AbortController().signal,
    now: () => new Date(),
    randomBytes: (length) => randomBytes(length),
  });
  return { code, stdout, stderr };
}

/** Starts the program in a process of its own, with the environment of this one and some more. */
export function spawnDeid(
  args: readonly string[],
  cwd = '/',
  more: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...process.env, ...more },
  });
}

/** Runs a command line in a process of its own, to its end. */
export async function runDeid(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const child = spawnDeid(args, cwd, more);
  assert.ok(child.stdout !== null && child.stderr !== null);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

/** A folder with a source, a job over it, and a key, as a person would have made them. */
export interface Desk {
  readonly folder: string;
  /** Arguments that name job, folders and key. */
  readonly job: readonly string[];
  readonly key: readonly string[];
  put(path: string, bytes: Uint8Array | string): void;
  remove(): void;
}

const volumes = ['in', 'out', 'held', 'work'] as const;

export function jobDocument(spec = 'profileRef: { builtin: research }', name = 'study'): string {
  const area = (claimName: string) => `{ volume: { claimName: ${claimName} } }`;
  return `apiVersion: deid.imaging/v1alpha1
kind: DeidJob
metadata: { name: ${name} }
spec:
  source: ${area('in')}
  destination: ${area('out')}
  quarantine: ${area('held')}
  workArea: ${area('work')}
  ${spec}
`;
}

export async function makeDesk(document: string = jobDocument()): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'deid-cli-'));
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'job.yaml'), document);
  await deid(['key', 'new', 'key'], { cwd: folder });
  return {
    folder,
    job: ['-f', 'job.yaml', ...volumes.flatMap((name) => ['--volume', `${name}=${name}`])],
    key: ['--key-file', 'key'],
    put: (path, bytes) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
