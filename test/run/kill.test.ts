import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { RunSummary } from '../../worker/run/finish.ts';
import { contents, makeFixture, type RunFixture } from './support/run-fixture.ts';

const program = fileURLToPath(new URL('./support/run-process.ts', import.meta.url));

function filled(count: number): RunFixture {
  const fixture = makeFixture();
  for (let index = 0; index < count; index += 1)
    fixture.add(['slow', 'ok', 'review', 'reject'][index % 4] ?? 'ok');
  return fixture;
}

/** Starts the run in a process group of its own. */
function started(fixture: RunFixture, workers: number): ChildProcess {
  return spawn(process.execPath, [program, fixture.root, String(workers)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly printed: string }> {
  let printed = '';
  child.stdout?.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

/** What a run leaves for its user; the digests of plan and ledger are of files that each fixture has of its own. */
function left(fixture: RunFixture, printed: string) {
  const { plan: _, ledger: __, shards: ___, ...counts } = JSON.parse(printed) as RunSummary;
  return {
    counts,
    out: contents(join(fixture.root, 'out')),
    held: contents(join(fixture.root, 'held')),
  };
}

async function undisturbed(count: number) {
  const fixture = filled(count);
  const { printed } = await ended(started(fixture, 2));
  const expected = left(fixture, printed);
  fixture.remove();
  return expected;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

describe('a run that is killed with SIGKILL', () => {
  const objects = 160;

  it('at random moments, alone or with its workers, gives the same bytes and counts when it is run again', async () => {
    const expected = await undisturbed(objects);
    const seed = Date.now() % 1_000_000;
    const random = randomNumbers(seed);
    const fixture = filled(objects);
    let kills = 0;
    for (const span of [400, 600, 800, 800, 1000, 1000, 1200, 2600]) {
      const child = started(fixture, 1 + Math.floor(random() * 3));
      const end = ended(child);
      await Promise.race([pause(random() * span), end]);
      // A process that is killed alone leaves workers behind that still write while the next ones start.
      if (child.pid !== undefined && child.exitCode === null) kill(random() < 0.5 ? child.pid : -child.pid);
      if ((await end).code === null) kills += 1;
    }
    assert.ok(kills > 3, 'the run lives long enough to be killed');
    const { printed } = await ended(started(fixture, 2));
    assert.deepEqual(left(fixture, printed), expected, `seed ${seed}`);
    fixture.remove();
  });

  it('in a worker goes on by itself', {
    skip: childrenOf(process.ppid).length === 0 && 'no /proc to find workers in',
  }, async () => {
    const expected = await undisturbed(objects);
    const fixture = filled(objects);
    const child = started(fixture, 2);
    const end = ended(child);
    for (let waited = 0; waited < 100 && childrenOf(child.pid ?? 0).length < 2; waited += 1) await pause(20);
    await pause(500);
    for (const worker of childrenOf(child.pid ?? 0)) kill(worker);
    assert.deepEqual(left(fixture, (await end).printed), expected);
    fixture.remove();
  });
});

describe('a run that is stopped with SIGTERM', () => {
  it('stores what is in hand, says that it was interrupted, and goes on when it is run again', async () => {
    const expected = await undisturbed(160);
    const fixture = filled(160);
    const child = started(fixture, 2);
    child.stderr?.once('data', () => child.kill('SIGTERM'));
    assert.equal((await ended(child)).code, exitCodes.Interrupted.code);
    const journals = contents(join(fixture.root, 'work')).filter((line) => line.includes('/journal/'));
    assert.ok(journals.length > 0);
    assert.deepEqual(
      contents(fixture.root).filter((line) => line.includes('partial')),
      [],
      'nothing half-written stays',
    );
    const again = await ended(started(fixture, 3));
    assert.equal(again.code, 0);
    assert.deepEqual(left(fixture, again.printed), expected);
    fixture.remove();
  });
});
