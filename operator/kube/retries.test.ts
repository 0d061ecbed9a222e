import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import { backoffMs } from './backoff.ts';
import { contentTypes, isIdempotent, RetryBudget, retryDelayMs } from './retries.ts';

const rules = {
  backoff: { baseMs: 100, maximumMs: 1000, jitter: 0.5 },
  maxTries: 4,
  longestRetryAfterMs: 30_000,
};
const error = (code: number, reason: string, retryAfterMs?: number) =>
  new ApiError({ call: 'get jobs', code, reason, retryAfterMs });
const delay = (failure: ApiError, idempotent: boolean, tries = 1, chance = 0) =>
  retryDelayMs(rules, { error: failure, idempotent, tries }, () => chance);

test('delays double up to the maximum, and chance shortens them', () => {
  const backoff = { baseMs: 100, maximumMs: 1000, jitter: 0.5 };
  const delays = (chance: number) =>
    [1, 2, 3, 4, 5, 5000].map((failures) => backoffMs(backoff, failures, () => chance));
  assert.deepEqual(delays(0), [100, 200, 400, 800, 1000, 1000]);
  assert.deepEqual(delays(0.5), [75, 150, 300, 600, 750, 750]);
});

test('what may have been carried out is tried again only where twice is the same as once', () => {
  for (const failure of [error(503, 'ServiceUnavailable'), error(0, 'NoAnswer'), error(0, 'Timeout')]) {
    assert.equal(delay(failure, true), 100);
    assert.equal(delay(failure, false), undefined);
  }
});

test('what was certainly not carried out is tried again in any case', () => {
  assert.equal(delay(error(429, 'TooManyRequests'), false), 100);
  assert.equal(delay(error(0, 'Unreachable'), false), 100);
});

test('refusals that waiting does not mend are final', () => {
  for (const failure of [
    error(409, 'Conflict'),
    error(404, 'NotFound'),
    error(410, 'Gone'),
    error(0, 'Aborted'),
  ])
    assert.equal(delay(failure, true), undefined);
});

test('tries are counted', () => {
  assert.equal(delay(error(500, 'InternalError'), true, 3), 400);
  assert.equal(delay(error(500, 'InternalError'), true, 4), undefined);
});

test('the server rests as long as it asks to, and one that asks for too long is left to the caller', () => {
  assert.equal(delay(error(429, 'TooManyRequests', 5000), true), 5000);
  assert.equal(delay(error(429, 'TooManyRequests', 5000), true, 1, 1), 5250);
  assert.equal(delay(error(429, 'TooManyRequests', 30_001), true), undefined);
});

test('updates, deletions and patches that state an outcome are idempotent', () => {
  assert.ok(isIdempotent('GET', contentTypes.json));
  assert.ok(isIdempotent('PUT', contentTypes.json));
  assert.ok(isIdempotent('DELETE', contentTypes.json));
  assert.ok(isIdempotent('PATCH', contentTypes.mergePatch));
  assert.ok(isIdempotent('PATCH', contentTypes.apply));
  assert.ok(!isIdempotent('PATCH', contentTypes.jsonPatch));
  assert.ok(!isIdempotent('POST', contentTypes.json));
});

test('a budget that is spent grows again by what goes well', () => {
  const budget = new RetryBudget(2);
  assert.deepEqual([budget.take(), budget.take(), budget.take()], [true, true, false]);
  for (let count = 0; count < 11; count += 1) budget.wentWell();
  assert.deepEqual([budget.take(), budget.take()], [true, false]);
});
