/**
 * The operator and the worker together: pods of the operator's own manifests run as processes of this machine, with what
 * they mount in folders. Only the API server and the Job controller are simulated.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { runSpecEntry } from '../../operator/build/run-spec-config-map.ts';
import { mountPaths } from '../../operator/build/worker-container.ts';
import { objectOf, objectsOf, textOf, textsOf } from '../../operator/facts/json.ts';
import { silentLog } from '../../worker/log/log.ts';
import { runLocal } from '../../worker/run/local.ts';
import { studySet } from '../builders/study.ts';
import type { PodRun } from '../fake-api-server/job-controller.ts';
import { builtinKinds } from '../fake-api-server/kinds.ts';
import { contents, keyBytes, makeJob } from '../run/support/run-fixture.ts';
import { eventually, OperatorFixture } from './operator-fixture.ts';

const program = fileURLToPath(new URL('../../worker/cli/deid.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'deid-operator-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, bytes: Uint8Array | string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const configMaps = builtinKinds.find(({ plural }) => plural === 'configmaps') ?? assert.fail();

/** Writes the ConfigMap that the pod mounts; the folder that it is mounted from. */
function mountedRunSpec(fixture: OperatorFixture, spec: unknown): string {
  const volume = objectsOf(objectOf(spec).volumes).find(({ name }) => name === 'run-spec');
  const name = textOf(objectOf(volume?.configMap).name);
  const stored = fixture.server.storage.get(configMaps, `ns/${name}`);
  put(`${name}/${runSpecEntry}`, textOf(objectOf(stored?.data)[runSpecEntry]));
  return join(folder, name);
}

/** Runs the pod's command line, and resolves to how it ended. */
async function runPod(fixture: OperatorFixture, { pod, index }: PodRun) {
  const [container] = objectsOf(objectOf(pod.spec).containers);
  const runSpec = mountedRunSpec(fixture, pod.spec);
  const messageFile = join(folder, `${pod.metadata.name}.message`);
  writeFileSync(messageFile, '');
  const args = textsOf(container?.args).map((arg) =>
    arg
      .replace('$(JOB_COMPLETION_INDEX)', String(index))
      .replace(mountPaths.runSpec, runSpec)
      .replace(mountPaths.key, join(folder, 'key'))
      .replace(mountPaths.volumes, join(folder, 'volumes'))
      .replace(/^--progress-port=.*/, '--progress-port=0')
      .replace('/dev/termination-log', messageFile),
  );
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  const [code] = await once(child, 'close');
  return { exitCode: typeof code === 'number' ? code : 137, message: readFileSync(messageFile, 'utf8') };
}

it('a job goes through real steps to Complete, and its outputs are those of a run on one machine', async () => {
  put('key/project.key', keyBytes);
  for (const { path, bytes } of studySet()) put(`volumes/in/${path}`, bytes);
  const fixture: OperatorFixture = await OperatorFixture.start({ shards: 0 }, (run) => {
    runPod(fixture, run).then((end) => fixture.jobController.endPod(run.pod, end));
    return undefined;
  });
  try {
    fixture.lead();
    const claim = (claimName: string) => ({ volume: { claimName } });
    const areas = {
      source: claim('in'),
      destination: claim('out'),
      quarantine: claim('held'),
      workArea: claim('work'),
    };
    const spec = {
      ...areas,
      profileRef: { builtin: 'research' },
      shards: { targetBytes: '400Ki' },
      parallelism: 2,
    } as const;
    fixture.apply({ spec });
    const isOver = () => ['Complete', 'Failed'].some((type) => fixture.condition(type).startsWith('True'));
    await eventually(isOver, 'an end', 180_000);
    assert.equal(fixture.condition('Complete'), 'True Complete', JSON.stringify(fixture.status().conditions));
    const { objects, shards, plan, ledger, report } = fixture.status();
    const { total = 0, ...outcomes } = objects ?? {};
    assert.equal(
      Object.values(outcomes).reduce((sum, count) => sum + count, 0),
      total,
    );
    assert.ok(total > 0);
    assert.equal(total, plan?.objects);
    assert.ok((shards?.total ?? 0) > 1, `${shards?.total} shards`);
    assert.equal(shards?.succeeded, shards?.total);
    assert.ok(ledger?.root !== undefined && report !== undefined);
    const local = (name: string) => join(folder, name === 'in' ? 'volumes/in' : `local/${name}`);
    await runLocal(
      {
        job: makeJob({ ...spec, parallelism: 1 }),
        profile: builtinProfiles.research,
        volumes: new Map(['in', 'out', 'held', 'work'].map((name) => [name, local(name)])),
        ...{ keyBytes, dryRun: false, workers: 1, logLevel: 'error' },
      },
      { log: silentLog, signal: new AbortController().signal },
    );
    for (const area of ['out', 'held']) {
      assert.deepEqual(contents(join(folder, 'volumes', area)), contents(local(area)));
    }
  } finally {
    await fixture.stop();
  }
});
