import assert from 'node:assert/strict';
import { it } from 'node:test';
import { illness, longestPassMs, longestSilenceMs, unreadiness, type Vitals } from './health.ts';

const well: Vitals = {
  nowMs: 1e6,
  isStopping: false,
  isSynced: true,
  lastHeardMs: () => 1e6,
  longestPassMs: 0,
};

it('an operator that hears and moves is well and ready', () => {
  assert.equal(illness(well), undefined);
  assert.equal(unreadiness(well), undefined);
});

it('one that lists still, or stops, is well and not ready', () => {
  for (const changes of [{ isSynced: false, lastHeardMs: () => 0 }, { isStopping: true }]) {
    assert.equal(illness({ ...well, ...changes }), undefined);
    assert.notEqual(unreadiness({ ...well, ...changes }), undefined);
  }
});

it('one whose watch is silent, or whose pass never ends, is ill', () => {
  const silent = { ...well, lastHeardMs: () => well.nowMs - longestSilenceMs - 1 };
  assert.match(illness(silent) ?? '', /nothing is heard of/);
  assert.match(illness({ ...well, longestPassMs: longestPassMs + 1 }) ?? '', /does not end/);
});
