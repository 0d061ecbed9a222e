import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';

const program = fileURLToPath(new URL('./support/plan-large-source.ts', import.meta.url));

/** Plans a source of that many objects in a process whose heap may not grow beyond so many MiB. */
function planned(objects: number, heapMiB: number): PlanSummary {
  const options = [`--max-old-space-size=${heapMiB}`, '--max-semi-space-size=1'];
  const printed = execFileSync(process.execPath, [...options, program, String(objects)], {
    encoding: 'utf8',
  });
  return JSON.parse(printed) as PlanSummary;
}

test('a million objects are planned in a heap of 24 MiB, in which the program alone takes most', () => {
  assert.equal(planned(1_000, 24).objects, 1_000);
  const { objects, bytes, shards } = planned(1_000_000, 24);
  assert.equal(objects, 1_000_000);
  assert.equal(bytes, 528_000 * 1_000_000);
  assert.equal(shards, 3);
});
