import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtinProfiles } from '../profiles/builtin.ts';
import type { DeidJob } from '../v1alpha1/job.ts';
import { validateJob } from '../validate.ts';
import { type Counters, validateCounters } from './counters.ts';
import { type PlanSummary, terminationMessageBytes, validatePlanSummary } from './plan-summary.ts';
import { makeRunSpec, validateRunSpec } from './run-spec.ts';
import { type ShardResult, validateShardResult } from './shard-result.ts';

function job(change: Readonly<Record<string, unknown>> = {}): DeidJob {
  const volume = (path: string) => ({ volume: { claimName: 'c', path } });
  const validated = validateJob({
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidJob',
    metadata: { name: 'j' },
    spec: {
      profileRef: { builtin: 'basic' },
      source: volume('s'),
      destination: volume('d'),
      quarantine: volume('q'),
      workArea: volume('w'),
      ...change,
    },
  });
  assert.ok(validated.ok);
  return validated.document;
}

const digest = `sha256:${'0'.repeat(64)}`;
const outcomes = { deidentified: 5, review: 1, rejected: 2, skipped: 0, failed: 0 };

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('a run spec', () => {
  const made = makeRunSpec(job(), builtinProfiles.research);

  it('comes back from JSON as it was', () => {
    assert.deepEqual(validateRunSpec(throughJson(made)), { ok: true, document: made });
  });

  it('is the same however many workers there are, and another for all that outputs depend on', () => {
    assert.equal(makeRunSpec(job({ parallelism: 99 }), builtinProfiles.research).digest, made.digest);
    assert.notEqual(makeRunSpec(job(), builtinProfiles.basic).digest, made.digest);
    assert.notEqual(makeRunSpec(job({ shards: { max: 3 } }), builtinProfiles.research).digest, made.digest);
  });

  it('is refused where anything in it was changed, or its version is another', () => {
    const changed = throughJson(made) as { profile: { spec: { documents: string } }; version: number };
    changed.profile.spec.documents = 'remove';
    const validated = validateRunSpec(changed);
    assert.ok(!validated.ok);
    assert.deepEqual(
      validated.problems.map(({ path }) => path),
      ['digest'],
    );
    assert.ok(!validateRunSpec({ ...made, version: 2 }).ok);
  });
});

describe('a plan summary', () => {
  const largest = {
    kind: 'PlanSummary',
    version: 1,
    engineVersion: 'v'.repeat(64),
    runSpecDigest: digest,
    digest,
    shards: Number.MAX_SAFE_INTEGER,
    objects: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
  } as const satisfies PlanSummary;

  it('fits a termination message at its largest', () => {
    assert.deepEqual(validatePlanSummary(largest), { ok: true, document: largest });
    assert.ok(Buffer.byteLength(JSON.stringify(largest)) <= terminationMessageBytes);
  });

  it('is refused with a field too many or too few', () => {
    const { bytes: _, ...less } = largest;
    assert.ok(!validatePlanSummary(less).ok);
    assert.ok(!validatePlanSummary({ ...largest, keys: [] }).ok);
  });
});

describe('a shard result', () => {
  const sound: ShardResult = {
    kind: 'ShardResult',
    version: 1,
    engineVersion: '0.1.0',
    planDigest: digest,
    shard: 3,
    objects: 8,
    outcomes,
    reasons: { PixelsUnchecked: 1, Malformed: 2 },
    pixelsUnchecked: 0,
    pixelsCleaned: 0,
    duplicates: 0,
    bytesIn: 10,
    bytesOut: 5,
  };

  it('is valid where its counts add up', () => {
    assert.deepEqual(validateShardResult(throughJson(sound)), { ok: true, document: sound });
  });

  it('is refused where an object has no outcome, or no reason', () => {
    assert.ok(!validateShardResult({ ...sound, objects: 9 }).ok);
    assert.ok(!validateShardResult({ ...sound, reasons: { Malformed: 2 } }).ok);
    assert.ok(!validateShardResult({ ...sound, bytesIn: -1 }).ok);
  });
});

describe('counters', () => {
  it('carry numbers alone', () => {
    const counters: Counters = {
      kind: 'Counters',
      version: 1,
      shards: 2,
      shardsDone: 1,
      objects: 20,
      outcomes,
      bytes: 100,
      bytesIn: 40,
      bytesOut: 30,
    };
    assert.deepEqual(validateCounters(throughJson(counters)), { ok: true, document: counters });
    assert.ok(!validateCounters({ ...counters, source: 'a/b' }).ok);
  });
});
