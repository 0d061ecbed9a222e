/**
 * The demo: makes a small study set of invented patients, a DeidJob and a key in `demo-output`, and runs the job as
 * `deid run` would run it for anybody. It starts from nothing each time.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import { studySet } from '../../test/builders/study.ts';
import { newProjectKey } from '../../worker/deid/identity/project-key.ts';

const repository = join(import.meta.dirname, '..', '..');
const folder = join(repository, 'demo-output');
const places = {
  job: join(folder, 'job.yaml'),
  key: join(folder, 'deid-key'),
  input: join(folder, 'in'),
  output: join(folder, 'out'),
  quarantine: join(folder, 'held'),
  work: join(folder, 'work'),
} as const;

function volume(path: string) {
  return { volume: { claimName: 'demo', path: relative(folder, path) } };
}

const job: DeidJobInput = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidJob',
  metadata: { name: 'demo' },
  spec: {
    profileRef: { builtin: 'research' },
    source: volume(places.input),
    destination: volume(places.output),
    quarantine: volume(places.quarantine),
    workArea: volume(places.work),
    parallelism: 2,
  },
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}

async function makeInput(): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  const files = studySet();
  for (const { path, bytes } of files) {
    const file = join(places.input, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  for (const area of [places.output, places.quarantine, places.work]) await mkdir(area, { recursive: true });
  await writeFile(places.job, stringify(job));
  await writeFile(places.key, `${newProjectKey((length) => randomBytes(length))}\n`, { mode: 0o600 });
  return files.length;
}

async function runJob(): Promise<number> {
  const cli = join(repository, 'worker', 'cli', 'deid.mjs');
  const args = ['run', '-f', places.job, '--volume', `demo=${folder}`, '--key-file', places.key];
  say(`\n$ deid ${args.map((arg) => arg.replace(folder, shown(folder))).join(' ')}\n`);
  const child = spawn(process.execPath, [cli, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function fileCount(area: string): Promise<number> {
  const entries = await readdir(area, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

const made = await makeInput();
say(`Made ${made} DICOM files of three invented patients in ${shown(places.input)}.`);
const exitCode = await runJob();
say(`
De-identified   ${shown(places.output)}   ${await fileCount(places.output)} files
Held back       ${shown(places.quarantine)}   ${await fileCount(places.quarantine)} files
Plan, journals  ${shown(places.work)}
Job and key     ${shown(places.job)}, ${shown(places.key)}

See what became of each element of a file, and why:
  npm run -s deid -- explain ${shown(join(places.input, 'gruenspecht', 'report.dcm'))} --profile research`);
process.exitCode = exitCode;
