/**
 * A process pod with the fake engine, for tests that kill it. Arguments: the desk's folder, the index, the workers, the
 * objects that each has in hand at once, the attempt, and the attempt whose list it takes, if any. Exits as `deid process`
 * does; says the port of its counters in a line on standard output.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import type { RunSpec } from '../../../crds/records/run-spec.ts';
import { silentLog } from '../../../worker/log/log.ts';
import { bindAreas } from '../../../worker/run/bind-areas.ts';
import { openRun } from '../../../worker/run/open-run.ts';
import { processPodShard } from '../../../worker/run/pod-shard.ts';
import { toRunError } from '../../../worker/run/run-error.ts';
import { fakeEngine } from '../../run/support/run-fixture.ts';

const [folder = '', index = '0', workers = '2', lanes = '1', attempt = '0', leftBy] = process.argv.slice(2);
const runSpec = JSON.parse(readFileSync(join(folder, 'run-spec/run.json'), 'utf8')) as RunSpec;
const volumes = new Map(['in', 'out', 'held', 'work'].map((name) => [name, join(folder, 'volumes', name)]));
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());

try {
  const { outcomes } = await processPodShard(
    await openRun({
      runSpec,
      locations: bindAreas(runSpec.job.spec, volumes),
      keyBytes: readFileSync(join(folder, 'key/project.key')),
    }),
    {
      index: Number(index),
      attempt: Number(attempt),
      ...(leftBy === undefined ? {} : { leftBy: Number(leftBy) }),
      workers: Number(workers),
      lanes: Number(lanes),
      heapMiB: 64,
      inFlightBytes: 64 * 1024 * 1024,
      logLevel: 'error',
      engineModule: fakeEngine,
      verifierModule: fakeEngine,
      timeLimitMs: Number(process.env.DEID_TEST_TIME_LIMIT_MS ?? 1500),
      overdueMs: 500,
      progressPort: 0,
      onServer: ({ port }) => process.stdout.write(`${port}\n`),
    },
    { log: silentLog, signal: stopping.signal },
  );
  process.exitCode = exitCodes[outcomes.failed > 0 ? 'ObjectsFailed' : 'Success'].code;
} catch (error) {
  const known = toRunError(error);
  process.stderr.write(`${known?.message ?? String(error)}\n`);
  process.exitCode = exitCodes[known?.exit ?? 'InternalFault'].code;
}
