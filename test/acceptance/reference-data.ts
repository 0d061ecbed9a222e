/**
 * The acceptance check: one job with `basic` and one with `research` over the reference data folder, judged from outside
 * by another reader and by the field's own tools. `node test/acceptance/reference-data.ts` prints the figures of
 * docs/acceptance.md and exits with 1 where something is wrong; no value and no file name is printed.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SamplesCompared } from './decoded-samples.ts';
import {
  type InputFacts,
  type Judgement,
  judgeOutput,
  type KnownInput,
  knownInputs,
  rememberedInputFacts,
} from './judge-output.ts';
import { type Builtin, filesBelow, type LocalRun, mapUids, runJob } from './local-run.ts';
import { isInstalled } from './outside-tools.ts';

/** The figures of one job. */
export interface Figures {
  readonly profile: Builtin;
  readonly exitCode: number;
  readonly files: number;
  /** Objects by outcome, as the run's summary counts them. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly outputs: number;
  readonly matched: number;
  readonly unreadable: number;
  readonly refused: number;
  /** Kinds of new errors of dciodvfy, and how many outputs have each. */
  /** Outputs whose input dciodvfy cannot follow, so that its errors say nothing. */
  readonly incomparable: number;
  readonly newErrors: ReadonlyMap<string, number>;
  readonly pixelsIdentical: number;
  readonly pixelsDifferent: number;
  /** Of those with different Pixel Data: decoded samples are identical, different, or cannot be decoded. */
  readonly samples: Readonly<Record<SamplesCompared, number>>;
  /** Objects whose record names a clean-up of the pixel data's container. */
  readonly cleaned: number;
  /** Objects whose output is byte for byte that of another one. */
  readonly duplicates: number;
  /** Identity fields with a value left, and in how many outputs. */
  readonly fieldsLeft: ReadonlyMap<string, number>;
}

export const referenceFolder = fileURLToPath(new URL('../../../shared/data/dicom', import.meta.url));

/** Why the check cannot run here; undefined where it can. */
export async function whatIsMissing(): Promise<string | undefined> {
  if (!existsSync(referenceFolder)) return 'the reference data folder is not there';
  if (!(await isInstalled('dcmdump'))) return 'dcmdump is not installed (Debian package dcmtk)';
  if (!(await isInstalled('gdcmconv'))) return 'gdcmconv is not installed (Debian package libgdcm-tools)';
  if (!(await isInstalled('dciodvfy'))) return 'dciodvfy is not installed (Debian package dicom3tools)';
  return undefined;
}

function tally(items: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function countsAt(summary: unknown, key: string): Readonly<Record<string, number>> {
  const counts = isRecord(summary) ? summary[key] : undefined;
  if (!isRecord(counts)) return {};
  return Object.fromEntries(
    Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function countAt(summary: unknown, key: string): number {
  const count = isRecord(summary) ? summary[key] : undefined;
  return typeof count === 'number' ? count : 0;
}

/** Sum of the objects of every outcome. */
function objectsOf({ outcomes }: Figures): number {
  return Object.values(outcomes).reduce((sum, count) => sum + count, 0);
}

function figuresOf(
  profile: Builtin,
  run: LocalRun,
  files: number,
  judgements: readonly Judgement[],
): Figures {
  const how = (holds: (judgement: Judgement) => boolean): number => judgements.filter(holds).length;
  return {
    profile,
    exitCode: run.exitCode,
    files,
    outcomes: countsAt(run.summary, 'outcomes'),
    outputs: judgements.length,
    matched: how(({ unmatched }) => !unmatched),
    unreadable: how(({ readable }) => !readable),
    refused: how(({ refused }) => refused),
    incomparable: how(({ newErrors }) => newErrors === undefined),
    newErrors: tally(judgements.flatMap(({ newErrors }) => newErrors ?? [])),
    pixelsIdentical: how(({ pixels }) => pixels === 'identical'),
    pixelsDifferent: how(({ pixels }) => pixels === 'different'),
    samples: {
      identical: how(({ samples }) => samples === 'identical'),
      different: how(({ samples }) => samples === 'different'),
      undecodable: how(({ samples }) => samples === 'undecodable'),
    },
    cleaned: countAt(run.summary, 'pixelsCleaned'),
    duplicates: countsAt(run.summary, 'duplicates').identical ?? 0,
    fieldsLeft: tally(judgements.flatMap(({ fieldsLeft }) => [...new Set(fieldsLeft)])),
  };
}

async function checkProfile(
  profile: Builtin,
  files: readonly string[],
  inputs: ReadonlyMap<string, readonly KnownInput[]>,
  facts: InputFacts,
  scratch: string,
  keyFile: string,
): Promise<Figures> {
  const run = await runJob(profile, referenceFolder, join(scratch, profile), keyFile);
  const newUids = await mapUids([...inputs.keys()], keyFile);
  const byNewUid = new Map([...inputs].map(([uid, known]) => [newUids.get(uid) ?? '', known]));
  const judgements: Judgement[] = [];
  for (const output of run.outputs) {
    judgements.push(await judgeOutput(output, (uid) => byNewUid.get(uid) ?? [], facts));
  }
  return figuresOf(profile, run, files.length, judgements);
}

/** Runs both jobs side by side; each waits for one tool at a time, so that two processes are busy. */
export async function checkReferenceData(): Promise<readonly Figures[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'deid-acceptance-'));
  try {
    const keyFile = join(scratch, 'key');
    await writeFile(keyFile, Buffer.alloc(32, 'acceptance').toString('base64'));
    const files = await filesBelow(referenceFolder);
    const inputs = await knownInputs(files);
    const facts = rememberedInputFacts();
    return await Promise.all(
      (['basic', 'research'] as const).map((profile) =>
        checkProfile(profile, files, inputs, facts, scratch, keyFile),
      ),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What is wrong with a job, a line each; none where the job is accepted. */
export function faultsOf(figures: Figures): readonly string[] {
  const faults: string[] = [];
  const say = (wrong: boolean, sentence: string): void => {
    if (wrong) faults.push(`${figures.profile}: ${sentence}`);
  };
  say(objectsOf(figures) !== figures.files, `${objectsOf(figures)} outcomes for ${figures.files} files`);
  say((figures.outcomes.failed ?? 0) > 0, `${figures.outcomes.failed} objects failed`);
  say(
    (figures.outcomes.deidentified ?? 0) !== figures.outputs + figures.duplicates,
    `${figures.outputs} outputs and ${figures.duplicates} duplicates, but ${figures.outcomes.deidentified ?? 0} objects are de-identified`,
  );
  say(figures.unreadable > 0, `${figures.unreadable} outputs cannot be read`);
  say(figures.refused > 0, `dcmdump refuses ${figures.refused} outputs and accepts their inputs`);
  for (const [error, count] of figures.newErrors) say(true, `dciodvfy, new in ${count} outputs: ${error}`);
  say(
    figures.pixelsDifferent > figures.cleaned,
    `Pixel Data differs in ${figures.pixelsDifferent} outputs, ${figures.cleaned} records name a clean-up`,
  );
  say(figures.samples.different > 0, `decoded samples differ in ${figures.samples.different} outputs`);
  for (const [tag, count] of figures.fieldsLeft) say(true, `the value of ${tag} is left in ${count} outputs`);
  return faults;
}

function lineOf(label: string, value: number | string): string {
  return `  ${label.padEnd(44)} ${value}`;
}

function print(figures: Figures): void {
  const sum = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((total, count) => total + count, 0);
  console.log(
    [
      `${figures.profile} (exit code ${figures.exitCode})`,
      lineOf('files', figures.files),
      ...Object.entries(figures.outcomes).map(([outcome, count]) => lineOf(`  ${outcome}`, count)),
      lineOf('outputs', figures.outputs),
      lineOf('  objects with the bytes of another output', figures.duplicates),
      lineOf('  compared with their inputs', figures.matched),
      lineOf('  whose input dciodvfy cannot follow', figures.incomparable),
      lineOf('  refused by dcmdump', figures.refused),
      lineOf('  new error kinds of dciodvfy', figures.newErrors.size),
      lineOf('  Pixel Data identical', figures.pixelsIdentical),
      lineOf('  Pixel Data different', figures.pixelsDifferent),
      lineOf('    decoded samples identical', figures.samples.identical),
      lineOf('    that no tool decodes', figures.samples.undecodable),
      lineOf('  records that name a clean-up', figures.cleaned),
      lineOf('  identity values left', sum(figures.fieldsLeft)),
    ].join('\n'),
  );
}

async function main(): Promise<number> {
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    console.log(`skipped: ${missing}`);
    return process.env.CI ? 1 : 0;
  }
  const all = await checkReferenceData();
  for (const figures of all) print(figures);
  const faults = all.flatMap(faultsOf);
  for (const fault of faults) console.log(`FAULT ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
