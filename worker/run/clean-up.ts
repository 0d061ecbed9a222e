/**
 * Removes what a run left unfinished in the areas that it writes to: multipart uploads that nobody will complete,
 * half-written files, probes. Outputs and records stay. Doing it again does nothing.
 */
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { Log } from '../log/log.ts';
import { createAreaOpener } from './area-location.ts';
import { locateAreas, type Volumes } from './bind-areas.ts';
import { runId } from './open-run.ts';
import { discardLeftovers, writtenAreas } from './probe.ts';
import { type RunError, toRunError } from './run-error.ts';

/** Gives the run's id. Needs no key. Every area is gone through; then throws the first `RunError`. */
export async function cleanUpRun(runSpec: RunSpec, volumes: Volumes, log: Log): Promise<string> {
  const run = runId(runSpec);
  const locations = locateAreas(runSpec.job.spec, volumes, { needsSource: false });
  const opener = createAreaOpener();
  let failure: RunError | undefined;
  for (const area of writtenAreas) {
    try {
      await discardLeftovers({ [area]: await opener.open(area, locations[area], run) }, run);
    } catch (error) {
      const known = toRunError(error);
      if (known === undefined) throw error;
      // An area that is not there holds nothing; anything else may have left something behind.
      if (known.exit !== 'BadConfiguration') failure ??= known;
      log.warn('area not cleaned up', { run, exit: known.exit });
    }
  }
  if (failure !== undefined) throw failure;
  return run;
}
