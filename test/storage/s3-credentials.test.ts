import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { stringify } from 'yaml';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { studySet } from '../builders/study.ts';
import { type Desk, makeDesk, runDeid } from '../cli/support/deid.ts';
import { podIdentity, startCredentialServer, webIdentity } from './support/credential-servers.ts';
import { areaIn, locationIn } from './support/s3-places.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

/** Hides what the environment of this process holds: an empty variable is none to the SDK. */
const noKeys = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

describe('a job over buckets in a pod that has no keys', { skip: skipS3 }, () => {
  let server: S3Server;
  let desk: Desk;

  const jobOf = (name: string): string =>
    stringify({
      apiVersion: 'deid.imaging/v1alpha1',
      kind: 'DeidJob',
      metadata: { name },
      spec: {
        profileRef: { builtin: 'basic' },
        source: areaIn(server, 'raw', ''),
        destination: areaIn(server, 'results', `${name}/out`),
        quarantine: areaIn(server, 'results', `${name}/held`),
        workArea: areaIn(server, 'results', `${name}/work`),
      },
    } satisfies DeidJobInput);
  const run = (name: string, surroundings: Readonly<Record<string, string>>) => {
    desk.put(`${name}.yaml`, jobOf(name));
    const args = ['run', '-f', `${name}.yaml`, ...desk.key, '--workers', '2', '--json'];
    return runDeid(args, desk.folder, { ...noKeys, ...surroundings });
  };

  before(async () => {
    server = await startS3Server();
    for (const bucket of ['raw', 'results']) server.makeBucket(bucket);
    const client = createS3Client(locationIn(server, 'raw', ''));
    for (const { path, bytes } of studySet()) {
      await client.send(new PutObjectCommand({ Bucket: 'raw', Key: path, Body: bytes }));
    }
    client.destroy();
    desk = await makeDesk();
  });
  after(async () => {
    desk.remove();
    await server.stop();
  });

  it('gets them by EKS Pod Identity, and reads its token anew whenever they are renewed', async () => {
    const tokenFile = join(desk.folder, 'pod-token');
    const agent = await startCredentialServer(podIdentity, tokenFile);
    const said = await run('pod', {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.endpoint}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    });
    await agent.stop();
    assert.equal(said.code, 0, said.stderr);
    assert.equal(agent.refused, 0);
    assert.ok(agent.seen.size > 3, `${agent.seen.size} tokens`);
  });

  it('gets them as an IAM role for its service account, and reads its token anew whenever they are renewed', async () => {
    const tokenFile = join(desk.folder, 'web-token');
    const sts = await startCredentialServer(webIdentity, tokenFile);
    const said = await run('role', {
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/deid',
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ENDPOINT_URL_STS: sts.endpoint,
      AWS_REGION: 'us-east-1',
    });
    await sts.stop();
    assert.equal(said.code, 0, said.stderr);
    assert.equal(sts.refused, 0);
    assert.ok(sts.seen.size > 3, `${sts.seen.size} tokens`);
  });

  it('is denied the store where nobody gives it any', async () => {
    const said = await run('none', {});
    assert.equal(said.code, exitCodes.StorageDenied.code, said.stderr);
    assert.match(said.stderr, /^deid: spec\.source: the store denies access \(CredentialsProviderError\)\n$/);
  });
});
