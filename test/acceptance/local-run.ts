/** One DeidJob over a folder through the command line, as a person would start it, and what it left behind. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Builtin = 'basic' | 'research';

export interface LocalRun {
  readonly exitCode: number;
  /** What `--json` printed. */
  readonly summary: unknown;
  readonly outputs: readonly string[];
}

const cli = fileURLToPath(new URL('../../worker/cli/deid.mjs', import.meta.url));

interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
}

function deid(args: readonly string[], input = ''): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, ...args],
      { maxBuffer: 1 << 28, encoding: 'utf8' },
      (error, stdout) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exitCode, stdout });
      },
    );
    child.stdin?.end(input);
  });
}

/** All files below a folder, in the order of their names. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (relative(folder, a) < relative(folder, b) ? -1 : 1));
}

function job(builtin: Builtin): string {
  const area = (claimName: string): string => `{ volume: { claimName: ${claimName} } }`;
  return [
    'apiVersion: deid.imaging/v1alpha1',
    'kind: DeidJob',
    `metadata: { name: acceptance-${builtin} }`,
    'spec:',
    `  profileRef: { builtin: ${builtin} }`,
    `  source: ${area('source')}`,
    `  destination: ${area('destination')}`,
    `  quarantine: ${area('quarantine')}`,
    `  workArea: ${area('work')}`,
    '  key: { secretRef: { name: acceptance, key: current } }',
    '',
  ].join('\n');
}

/** Runs the job into the folders `destination`, `quarantine` and `work` of `scratch`, which is empty. */
export async function runJob(
  builtin: Builtin,
  source: string,
  scratch: string,
  keyFile: string,
): Promise<LocalRun> {
  const areas = ['destination', 'quarantine', 'work'].map((name) => [name, join(scratch, name)] as const);
  for (const [, folder] of areas) await mkdir(folder, { recursive: true });
  const document = join(scratch, 'job.yaml');
  await writeFile(document, job(builtin));
  const volumes = [['source', source] as const, ...areas].flatMap(([name, folder]) => [
    '--volume',
    `${name}=${folder}`,
  ]);
  const { exitCode, stdout } = await deid([
    'run',
    '-f',
    document,
    ...volumes,
    '--key-file',
    keyFile,
    '--json',
  ]);
  let summary: unknown;
  try {
    summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    summary = undefined;
  }
  return { exitCode, summary, outputs: await filesBelow(join(scratch, 'destination')) };
}

/** New UIDs by old ones, as `deid map` computes them. */
export async function mapUids(
  uids: readonly string[],
  keyFile: string,
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await deid(['map', '--key-file', keyFile], `${uids.join('\n')}\n`);
  const pairs = stdout
    .split('\n')
    .map((line) => line.split(','))
    .flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : []));
  return new Map(pairs);
}
