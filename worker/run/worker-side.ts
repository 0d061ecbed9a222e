/** What worker processes have in common: how objects are taken through in them, and how they end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineOptions } from '../deid/engine.ts';
import { createPlanCipher } from '../deid/identity/plan-cipher.ts';
import { type ProjectKey, parseProjectKey } from '../deid/identity/project-key.ts';
import type { Engine } from '../engine.ts';
import { faultPlace } from '../log/fault-place.ts';
import type { Log } from '../log/log.ts';
import type { Verifier } from '../verifier.ts';
import type { VerifierOptions } from '../verify/verifier.ts';
import { type AreaOpener, createAreaOpener } from './area-location.ts';
import type { ObjectContext } from './process-object.ts';
import { toRunError } from './run-error.ts';
import { objectTimeLimitMs } from './time-limit.ts';
import type { FromWorker, WorkerInit } from './worker-messages.ts';

interface EngineModule {
  createEngine(options: EngineOptions): Engine;
}

interface VerifierModule {
  createVerifier(options: VerifierOptions): Verifier;
}

/** What a worker process has once it knows its run. */
export interface PreparedWorker {
  readonly key: ProjectKey;
  readonly opener: AreaOpener;
  /** All that taking an object through needs but the areas and the log. */
  readonly objects: Omit<ObjectContext, 'areas' | 'log'>;
}

export async function preparedWorker(init: WorkerInit): Promise<PreparedWorker> {
  const key = parseProjectKey(init.key);
  const { modalities } = init.runSpec.job.spec.source.select;
  const profile = init.runSpec.profile.spec;
  const { createEngine } = (await import(init.engineModule)) as EngineModule;
  const { createVerifier } = (await import(init.verifierModule)) as VerifierModule;
  return {
    key,
    opener: createAreaOpener(),
    objects: {
      run: init.run,
      engine: createEngine({ profile, key, ...(modalities === undefined ? {} : { modalities }) }),
      verifier: createVerifier({ profile, key: init.key }),
      cipher: createPlanCipher(key),
      timeLimitMs: init.timeLimitMs === undefined ? objectTimeLimitMs : () => init.timeLimitMs ?? 0,
      pause: async (ms) => pause(ms),
    },
  };
}

/** Says something to the parent. One that is gone is told nothing; `disconnect` ends the process. */
export function tellParent(message: unknown): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

/** The parent learns in one line why the run cannot go on; what nobody foresaw is a defect, and its words stay here. */
export function stoppedBy(error: unknown, log: Log): Extract<FromWorker, { readonly kind: 'stopped' }> {
  const known = toRunError(error);
  if (known !== undefined) return { kind: 'stopped', exit: known.exit, message: known.message };
  const fault = faultPlace(error);
  log.error('worker fault', fault);
  const where = fault.place === undefined ? '' : ` at ${fault.place}`;
  return { kind: 'stopped', exit: 'InternalFault', message: `a worker met a defect of the program${where}` };
}

/** The parent decides when to stop: a terminal sends its signals to the whole group. Where it is gone, so is the worker. */
export function liveWithParent(onTerminate: () => void, log: () => Log): void {
  process.on('SIGINT', () => {});
  process.on('SIGTERM', onTerminate);
  process.on('disconnect', () => process.exit());
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log().error('worker died', faultPlace(error));
      process.exit(1);
    });
  }
}
