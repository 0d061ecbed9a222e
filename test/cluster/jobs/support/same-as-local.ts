/** That pods wrote, byte for byte, what `deid run` writes on one machine with the same key. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeidJobInput } from '../../../../crds/v1alpha1/job.ts';
import type { DeidProfileInput } from '../../../../crds/v1alpha1/profile.ts';
import { runDeid } from '../../../cli/support/deid.ts';
import { contents, keyBytes } from '../../../run/support/run-fixture.ts';
import type { Workplace } from './workplace.ts';

/** What a job wrote into two of its areas: a line for each object, of key and digest. */
export interface Written {
  readonly out: readonly string[];
  readonly held: readonly string[];
}

/** Fails where the two differ, and says in how much: a line for each object would fill the screen. */
export function assertSame(pods: Written, local: Written): void {
  for (const area of ['out', 'held'] as const) {
    const [ours, theirs] = [new Set(pods[area]), new Set(local[area])];
    const onlyOurs = pods[area].filter((line) => !theirs.has(line)).length;
    const onlyTheirs = local[area].filter((line) => !ours.has(line)).length;
    assert.deepEqual({ area, onlyOurs, onlyTheirs }, { area, onlyOurs: 0, onlyTheirs: 0 });
  }
  assert.ok(pods.out.length > 0);
}

/** Outputs and quarantine of a job over the `archive` of the workplace, run on this machine. */
export async function localContents(
  workplace: Workplace,
  job: DeidJobInput,
  profile?: DeidProfileInput,
): Promise<Written> {
  const folder = join(workplace.folder, 'local');
  const results = join(folder, 'results');
  await mkdir(results, { recursive: true });
  const areas = Object.fromEntries(
    (['destination', 'quarantine', 'workArea'] as const).map((name) => [
      name,
      {
        volume: {
          claimName: 'results',
          path: { destination: 'out', quarantine: 'held', workArea: 'work' }[name],
        },
      },
    ]),
  );
  const spec = { ...job.spec, source: { volume: { claimName: 'archive' } }, ...areas };
  await writeFile(join(folder, 'job.json'), JSON.stringify({ ...job, spec }));
  await writeFile(join(folder, 'key'), keyBytes);
  const volumes = [`archive=${join(workplace.folder, 'archive')}`, `results=${results}`];
  if (profile !== undefined) await writeFile(join(folder, 'profile.json'), JSON.stringify(profile));
  const documents = ['-f', 'job.json', ...(profile === undefined ? [] : ['-f', 'profile.json'])];
  const args = ['run', ...documents, ...volumes.flatMap((volume) => ['--volume', volume])];
  const { code, stderr } = await runDeid([...args, '--key-file', 'key'], folder);
  assert.equal(code, 0, stderr);
  return { out: contents(join(results, 'out')), held: contents(join(results, 'held')) };
}

/** Outputs and quarantine that pods left in the `results` of the workplace. */
export function podContents(workplace: Workplace): Written {
  const results = join(workplace.folder, 'results');
  return { out: contents(join(results, 'out')), held: contents(join(results, 'held')) };
}

const known = new Map<number, Promise<readonly string[]>>();

/** The outputs of a job over so many images of a workplace ({@link Workplace.putImages}), run on one machine, once for all tests. */
export function outputsOfImages(workplace: Workplace, count: number): Promise<readonly string[]> {
  const outputs =
    known.get(count) ?? localContents(workplace, workplace.job('images')).then(({ out }) => out);
  known.set(count, outputs);
  return outputs;
}

/** That the pods wrote all outputs of so many images and nothing else. */
export async function assertImages(workplace: Workplace, count: number): Promise<void> {
  const out = await outputsOfImages(workplace, count);
  assertSame(podContents(workplace), { out, held: [] });
}
