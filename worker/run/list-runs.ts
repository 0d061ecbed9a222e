/** The runs that a work area holds. */
import { type RunSpec, validateRunSpec } from '../../crds/records/run-spec.ts';
import type { Storage } from '../storage/storage.ts';
import { readText } from '../storage/whole-object.ts';
import { workLayout } from './layout.ts';
import { RunError } from './run-error.ts';

export interface KnownRun {
  readonly run: string;
  /** Name of its job. */
  readonly job: string;
  readonly runSpec: RunSpec;
}

const folderOfRun = /^([0-9a-f]{16})\//;

/** Every run of the work area, in order of ids. */
export async function listRuns(work: Storage): Promise<readonly KnownRun[]> {
  const runs: KnownRun[] = [];
  let continuation: string | undefined;
  for (;;) {
    const page = await work.list('', {
      limit: 1000,
      ...(continuation === undefined ? {} : { continuation }),
    });
    for (const { key } of page.objects) {
      const run = folderOfRun.exec(key)?.[1];
      if (run === undefined || runs.at(-1)?.run === run) continue;
      const known = await readRun(work, run);
      if (known !== undefined) runs.push(known);
    }
    if (page.continuation === undefined) return runs;
    continuation = page.continuation;
  }
}

async function readRun(work: Storage, run: string): Promise<KnownRun | undefined> {
  const text = await readText(work, workLayout(run).runSpec);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RunError('RunMismatch', 'the run spec in the work area is damaged');
  }
  const validated = validateRunSpec(value);
  if (!validated.ok)
    throw new RunError('RunMismatch', 'the run spec in the work area is damaged or of another version');
  return { run, job: validated.document.job.name, runSpec: validated.document };
}
