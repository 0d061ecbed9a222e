/**
 * A process that runs a fixture's job with the fake engine, for tests that kill it. Arguments: the fixture's folder, and
 * the number of workers. SIGTERM stops it as it stops `deid run`. Exits with the code of the job; prints the summary.
 */
import { join } from 'node:path';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { silentLog } from '../../../worker/log/log.ts';
import { resultExits } from '../../../worker/run/finish.ts';
import { runLocal } from '../../../worker/run/local.ts';
import { toRunError } from '../../../worker/run/run-error.ts';
import { fakeEngine, keyBytes, makeJob } from './run-fixture.ts';

const [root = '', workers = '2'] = process.argv.slice(2);
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());

try {
  const { summary } = await runLocal(
    {
      job: makeJob(),
      profile: builtinProfiles.basic,
      volumes: new Map(['in', 'out', 'held', 'work'].map((name) => [name, join(root, name)])),
      keyBytes,
      workers: Number(workers),
      dryRun: false,
      logLevel: 'error',
      engineModule: fakeEngine,
      verifierModule: fakeEngine,
      onProgress: () => process.stderr.write('.'),
    },
    { log: silentLog, signal: stopping.signal },
  );
  process.stdout.write(JSON.stringify(summary));
  process.exitCode = exitCodes[resultExits[summary.result]].code;
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : 'thrown'}\n`);
  process.exitCode = exitCodes[toRunError(error)?.exit ?? 'InternalFault'].code;
}
