/** Runs DeidJobs through a control plane and says what they cost. */
import { setTimeout as pause } from 'node:timers/promises';
import { resources } from '../../../operator/controller/caches.ts';
import { resourcePath } from '../../../operator/kube/resource.ts';
import { benchJob, namespace } from './bench-job.ts';
import type { OperatorUse } from './operator-process.ts';
import { type Requests, requestsBetween } from './requests.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export interface ScenarioOptions extends WorldOptions {
  /** Jobs that are made at once. */
  readonly jobs: number;
  /** Jobs that are made one by one while those are there, two a second. */
  readonly laterJobs: number;
  /** How long it is watched that nothing is written any more. */
  readonly stillSeconds: number;
}

/** What was measured. Jobs are planned and complete so long after the first of the burst was made. */
export interface Outcome {
  readonly plannedSeconds: number;
  readonly completeSeconds: number;
  readonly failedJobs: number;
  /** Writes by the operator but for Events, the Lease and progress; a job. */
  readonly writesPerJob: number;
  /** Such writes that the API server refused. */
  readonly refusedPerJob: number;
  readonly progressWritesPerJob: number;
  readonly eventsPerJob: number;
  readonly readsPerJob: number;
  /** From the end of a child Job to the write by which the operator went on: of the jobs made at once, and of later ones. */
  readonly answersMs: readonly number[];
  readonly laterAnswersMs: readonly number[];
  readonly peakRssBytes: number;
  readonly cpuSecondsPerJob: number;
  /** Writes, Events among them, within a minute when all jobs have ended. */
  readonly stillWritesPerMinute: number;
}

/** Jobs of a burst that are being made at one time. */
const atOnce = 32;
const laterPeriodMs = 500;
const patienceMs = 45 * 60_000;
/** Nothing is on its way any more when nothing was written for so long: figures wait for 5 s, Events for less. */
const restMs = 10_000;

async function makeJob({ transport }: World, name: string): Promise<void> {
  const path = resourcePath(resources.deidjobs, { namespace });
  await transport.call(path, { method: 'POST', body: benchJob(name) });
}

async function makeBurst(world: World, jobs: number): Promise<void> {
  const waiting = Array.from({ length: jobs }, (_, index) => `burst-${index}`);
  const maker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await makeJob(world, name);
  };
  await Promise.all(Array.from({ length: atOnce }, maker));
}

async function until({ operator }: World, holds: () => boolean, what: string): Promise<void> {
  for (const endMs = performance.now() + patienceMs; !holds(); await pause(100)) {
    if (operator.program.alive() && performance.now() < endMs) continue;
    throw new Error(`it never came to: ${what}\n${await operator.program.lastLines()}`);
  }
}

async function untilJobsEnd(world: World, prefix: string, count: number): Promise<void> {
  const hasEnded = () => {
    const lives = world.lives.of(prefix);
    return (
      lives.filter(({ completeMs, hasFailed }) => completeMs !== undefined || hasFailed).length === count
    );
  };
  await until(world, hasEnded, `the end of all jobs ${prefix}`);
}

/** All of them, Events among them. */
function writesOf({ writes, refused, events }: Requests): number {
  return writes + refused + events;
}

/** Waits until nothing is on its way any more. */
async function untilStill({ operator }: World): Promise<OperatorUse> {
  for (let before = await operator.use(); ; ) {
    await pause(restMs);
    const after = await operator.use();
    if (writesOf(requestsBetween(before.requests, after.requests)) === 0) return after;
    before = after;
  }
}

/** Seconds until the last of these times; NaN where one is missing. */
function untilLast(times: readonly (number | undefined)[], fromMs: number): number {
  return (Math.max(...times.map((time) => time ?? Number.NaN)) - fromMs) / 1000;
}

async function run(world: World, { jobs, laterJobs, stillSeconds }: ScenarioOptions): Promise<Outcome> {
  const { lives, operator } = world;
  const before = await operator.use();
  const startMs = performance.now();
  await makeBurst(world, jobs);
  await untilJobsEnd(world, 'burst-', jobs);
  const burst = lives.of('burst-');
  const planned = burst.map(({ plannedMs }) => plannedMs);
  const complete = burst.map(({ completeMs }) => completeMs);
  const answersMs = lives.answersMs.splice(0);
  for (let index = 0; index < laterJobs; index += 1) {
    await makeJob(world, `later-${index}`);
    await pause(laterPeriodMs);
  }
  await untilJobsEnd(world, 'later-', laterJobs);
  const still = await untilStill(world);
  await pause(stillSeconds * 1000);
  const after = await operator.use();
  const used = requestsBetween(before.requests, still.requests);
  const afterwards = requestsBetween(still.requests, after.requests);
  const all = jobs + laterJobs;
  return {
    plannedSeconds: untilLast(planned, startMs),
    completeSeconds: untilLast(complete, startMs),
    failedJobs: [...burst, ...lives.of('later-')].filter(({ hasFailed }) => hasFailed).length,
    writesPerJob: (used.writes - lives.progressWrites) / all,
    refusedPerJob: used.refused / all,
    progressWritesPerJob: lives.progressWrites / all,
    eventsPerJob: used.events / all,
    readsPerJob: used.reads / all,
    answersMs,
    laterAnswersMs: lives.answersMs,
    peakRssBytes: after.peakRssBytes,
    cpuSecondsPerJob: (still.cpuSeconds - before.cpuSeconds) / all,
    stillWritesPerMinute: (writesOf(afterwards) * 60) / stillSeconds,
  };
}

/** In a world of its own, which ends with it. */
export async function runScenario(options: ScenarioOptions): Promise<Outcome> {
  const world = await startWorld(options);
  try {
    return await run(world, options);
  } finally {
    await world.stop();
  }
}
