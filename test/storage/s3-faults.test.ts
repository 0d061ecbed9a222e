import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { parseProjectKey } from '../../worker/deid/identity/project-key.ts';
import type { Areas } from '../../worker/run/probe.ts';
import { bodyOf, readAll } from '../../worker/storage/conformance.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import type { S3Location } from '../../worker/storage/s3-location.ts';
import { createRetry } from '../../worker/storage/s3-retry.ts';
import { openS3Storage } from '../../worker/storage/s3-storage.ts';
import type { Storage } from '../../worker/storage/storage.ts';
import { dicomFile, el } from '../builders/dicom.ts';
import { keyBytes } from '../run/support/run-fixture.ts';
import { fillSource, leftBy, memoryAreas, runIn } from '../run/support/steps-in-process.ts';
import {
  type Fault,
  type FaultProxy,
  faults,
  retryAfterSeconds,
  type SeenRequest,
  startFaultProxy,
} from './support/fault-proxy.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

const bucket = 'areas';
/** A connection on which nothing moves for so long counts as broken here. */
const idleMs = 800;

let server: S3Server;
let proxy: FaultProxy;
let client: ReturnType<typeof createS3Client>;
/** How long requests waited before they were tried again, in milliseconds; the tests do not wait. */
let waits: number[] = [];

function opened(location: S3Location, writer = 'writer'): Storage {
  const pause = async (ms: number) => void waits.push(ms);
  return openS3Storage({ client, location, retry: createRetry({ random: Math.random, pause }), writer });
}

function emptyArea(): S3Location {
  return {
    bucket,
    prefix: `${randomUUID()}/`,
    region: 'us-east-1',
    endpoint: proxy.endpoint,
    forcePathStyle: true,
    requesterPays: false,
  };
}

/** Whether the fault can be noticed: what a store says of itself carries no checksum, what it holds does. */
function canMeet(fault: Fault, { method, url, bodyBytes }: SeenRequest): boolean {
  if (fault === 'corruptRequest') return method === 'PUT' && bodyBytes > 0;
  if (fault === 'corruptAnswer')
    return method === 'GET' && !url.includes('list-type') && !url.includes('uploads');
  return fault !== 'cutBody' || method === 'GET';
}

/** The faults in turn, one at every so many requests that it can meet; a request that is tried again is let through. */
function everyFew(gap: number): (seen: SeenRequest) => Fault | undefined {
  let since = 0;
  let turn = 0;
  return (seen) => {
    since += 1;
    const fault = faults[turn % faults.length] ?? 'reset';
    if (since < gap || !canMeet(fault, seen)) return undefined;
    since = 0;
    turn += 1;
    return fault;
  };
}

/** The fault once, at the first request that fits. */
function once(fault: Fault, fits: (seen: SeenRequest) => boolean): (seen: SeenRequest) => Fault | undefined {
  let isDone = false;
  return (seen) => {
    if (isDone || !fits(seen)) return undefined;
    isDone = true;
    return fault;
  };
}

describe('a store behind a bad network', { skip: skipS3 }, () => {
  before(async () => {
    server = await startS3Server();
    server.makeBucket(bucket);
    proxy = await startFaultProxy(server.endpoint);
    client = createS3Client(emptyArea(), idleMs);
  });
  beforeEach(() => {
    waits = [];
    proxy.decide(() => undefined);
  });
  after(async () => {
    client.destroy();
    await proxy.stop();
    await server.stop();
  });

  it('loses nothing, doubles nothing and shows no half object: a run leaves what it leaves without faults', async () => {
    const verbs = Array.from(
      { length: 40 },
      (_, index) => ['ok', 'ok', 'review', 'reject'][index % 4] ?? 'ok',
    );
    const sound = memoryAreas();
    await fillSource(sound.source, verbs);
    const expected = await leftBy(sound, await runIn(sound, 'sound'));

    const areas: Areas = {
      source: opened(emptyArea()),
      destination: opened(emptyArea()),
      quarantine: opened(emptyArea()),
      workArea: opened(emptyArea()),
    };
    await fillSource(areas.source, verbs);
    proxy.decide(everyFew(4));
    const summary = await runIn(areas, 'faulty');
    proxy.decide(() => undefined);
    const left = await leftBy(areas, summary);
    const planless = ({ summary: { plan: _, ...counts }, ...rest }: typeof left) => ({ counts, ...rest });
    assert.deepEqual(planless(left), planless(expected));
    for (const fault of faults) assert.ok((proxy.done.get(fault) ?? 0) > 2, fault);
  });

  it('gives a large object that is read by ranges as it is, whichever range comes with another byte', async () => {
    const pixels = Buffer.alloc(17 * 1024 * 1024, 'gruenspecht');
    const bytes = dicomFile([
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7.2'),
      el('SOPInstanceUID', '1.2.3.4'),
      el('Modality', 'OT'),
      el('PatientName', 'GRUENSPECHT^MAELINA'),
      el('PatientID', '4711'),
      el('SamplesPerPixel', 1),
      el('PhotometricInterpretation', 'MONOCHROME2'),
      el('NumberOfFrames', '17'),
      el('Rows', 1024),
      el('Columns', 1024),
      el('BitsAllocated', 8),
      el('BitsStored', 8),
      el('HighBit', 7),
      el('PixelRepresentation', 0),
      el('PixelData', pixels),
    ]);
    const engine = createEngine({ profile: builtinProfiles.basic.spec, key: parseProjectKey(keyBytes) });
    const sound = memoryAreas();
    await sound.source.create('large', bodyOf(bytes));
    const expected = await leftBy(sound, await runIn(sound, 'sound', engine));
    assert.equal(expected.summary.outcomes.deidentified, 1, JSON.stringify(expected.summary.reasons));

    /** What is left where the nth answer with the object's bytes is corrupted, and how many there were. */
    const leftWith = async (nth: number) => {
      const areas = { ...memoryAreas(), source: opened(emptyArea()), destination: opened(emptyArea()) };
      await areas.source.create('large', bodyOf(bytes));
      let reads = 0;
      proxy.decide(({ method, url }) => {
        if (method !== 'GET' || !url.includes('/large')) return undefined;
        reads += 1;
        return reads === nth ? 'corruptAnswer' : undefined;
      });
      const summary = await runIn(areas, 'faulty', engine);
      proxy.decide(() => undefined);
      const { out } = await leftBy(areas, summary);
      return { reads, out, outcomes: summary.outcomes };
    };
    const { reads } = await leftWith(0);
    assert.ok(reads > 6, `${reads} reads`);
    for (const nth of [1, 2, reads >> 1, reads]) {
      const left = await leftWith(nth);
      assert.deepEqual(left.outcomes, expected.summary.outcomes, `read ${nth} of ${reads}`);
      assert.deepEqual(left.out, expected.out, `read ${nth} of ${reads}`);
    }
  });

  for (const fault of faults) {
    it(`creates an object once, whole, under ${fault}`, async () => {
      const storage = opened(emptyArea());
      proxy.decide(once(fault, ({ method }) => method === 'PUT'));
      assert.equal(await storage.create('key', bodyOf(Buffer.alloc(100_000, 'ab'))), 'created');
      assert.equal(await storage.create('key', bodyOf(Buffer.alloc(100_000, 'cd'))), 'exists');
      assert.equal(Buffer.compare(await readAll(storage, 'key'), Buffer.alloc(100_000, 'ab')), 0);
      assert.equal((await storage.list('')).objects.length, 1);
    });

    it(`reads the bytes that are there under ${fault}`, async () => {
      const storage = opened(emptyArea());
      await storage.create('key', bodyOf(Buffer.alloc(100_000, 'ab')));
      proxy.decide(once(fault, ({ method }) => method === 'GET'));
      assert.equal(Buffer.compare(await readAll(storage, 'key'), Buffer.alloc(100_000, 'ab')), 0);
    });

    it(`sends a large object by parts, once and whole, under ${fault} of any of its requests`, async () => {
      const bytes = Buffer.alloc(17 * 1024 * 1024, 'gruenspecht');
      const steps: readonly ((seen: SeenRequest) => boolean)[] = [
        ({ method, url }) => method === 'POST' && url.includes('uploads'),
        ({ url }) => url.includes('partNumber=2'),
        ({ method, url }) => method === 'POST' && url.includes('uploadId'),
      ];
      for (const fits of steps) {
        const location = emptyArea();
        const storage = opened(location);
        const noticed = (seen: SeenRequest) =>
          fits(seen) && (fault !== 'corruptAnswer' || seen.bodyBytes > 1e6);
        proxy.decide(once(fault, noticed));
        assert.equal(await storage.create('large', bodyOf(bytes)), 'created');
        assert.equal(Buffer.compare(await readAll(storage, 'large'), bytes), 0);
        await storage.discardUnfinished('writer');
        const { Uploads = [] } = await client.send(
          new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: location.prefix }),
        );
        assert.equal(Uploads.length, 0);
      }
    });
  }

  it('waits as long as the store asks to', async () => {
    const storage = opened(emptyArea());
    proxy.decide(once('slowDown', () => true));
    await storage.list('');
    assert.equal(waits.length, 1);
    assert.ok((waits[0] ?? 0) >= retryAfterSeconds * 1000);
  });
});
