import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { makeRunSpec } from '../../crds/records/run-spec.ts';
import { runId } from '../../worker/run/open-run.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { createS3Connections } from '../../worker/storage/s3-connections.ts';
import { openS3Storage } from '../../worker/storage/s3-storage.ts';
import { createText, readText } from '../../worker/storage/whole-object.ts';
import { makePodDesk, type PodDesk } from '../pods/support/pods.ts';
import { areaIn, locationIn } from './support/s3-places.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

describe('the cleanup of a job that is given up', { skip: skipS3 }, () => {
  let server: S3Server;
  let client: S3Client;
  let desk: PodDesk;
  const connect = createS3Connections({ random: Math.random, pause: async (ms) => pause(ms) });
  const store = (prefix: string, writer: string) => {
    const location = locationIn(server, 'results', prefix);
    return openS3Storage({ ...connect(location), location, writer });
  };
  const uploads = async (): Promise<readonly string[]> => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'results' }));
    return Uploads.flatMap(({ Key }) => (Key === undefined ? [] : [Key])).sort();
  };
  before(async () => {
    server = await startS3Server();
    for (const bucket of ['raw', 'results']) server.makeBucket(bucket);
    client = createS3Client(locationIn(server, 'raw', ''));
    desk = makePodDesk({
      source: areaIn(server, 'raw', ''),
      destination: areaIn(server, 'results', 'out'),
      quarantine: areaIn(server, 'results', 'held'),
      workArea: areaIn(server, 'results', 'work'),
    });
  });
  after(async () => {
    client.destroy();
    desk.remove();
    await server.stop();
  });

  it('aborts the uploads of its run in every area, and no others; needs no key; may be done again', async () => {
    const run = runId(makeRunSpec(desk.job, builtinProfiles.research));
    await store('out/', `${run}.0`).createMultipartUpload('P1/one.dcm');
    await store('out/', `${run}.17`).createMultipartUpload('P1/two.dcm');
    await store('held/', `${run}.3`).createMultipartUpload('three.dcm');
    await store('out/', 'fedcba9876543210.0').createMultipartUpload('P1/of-another-run.dcm');
    await createText(store('out/', 'x'), 'P1/done.dcm', 'done');
    rmSync(join(desk.folder, 'key'), { recursive: true });
    for (const time of ['first', 'second']) {
      const { code, stderr, message } = await desk.run({ step: 'cleanup' });
      assert.equal(code, 0, `${time}: ${stderr}`);
      assert.equal(message, undefined);
      assert.deepEqual(await uploads(), ['out/P1/of-another-run.dcm']);
    }
    assert.equal(await readText(store('out/', 'x'), 'P1/done.dcm'), 'done');
  });

  it('says so where it may not', async () => {
    const { code, message } = await desk.run({ step: 'cleanup' }, { AWS_SECRET_ACCESS_KEY: 'another' });
    assert.equal(code, exitCodes.StorageDenied.code);
    assert.equal(message?.exit, 'StorageDenied');
  });

  it('has nothing to do where a bucket is gone', async () => {
    const gone = makePodDesk({
      source: areaIn(server, 'raw', ''),
      destination: areaIn(server, 'no-such-bucket', 'out'),
      quarantine: areaIn(server, 'no-such-bucket', 'held'),
      workArea: areaIn(server, 'no-such-bucket', 'work'),
    });
    const { code, stderr } = await gone.run({ step: 'cleanup' });
    assert.equal(code, 0, stderr);
    gone.remove();
  });
});
