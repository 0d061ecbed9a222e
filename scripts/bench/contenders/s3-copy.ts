/**
 * The baseline of S3: copies the objects of one prefix to another, each with a GET and a create-only PUT, several at a
 * time. With `digests` it takes SHA-256 of what it read and of what it writes, which the PUT carries; without, it
 * copies and no more. `s3-copy.ts ENDPOINT SOURCE-BUCKET TARGET-BUCKET PREFIX LANES digests|bare`
 */
import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const [endpoint = '', source = '', target = '', prefix = '', lanes = '1', mode = ''] = process.argv.slice(2);
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
});

async function* keys(): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: source, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function copy(key: string): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: source, Key: key }));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  if (mode === 'digests') createHash('sha256').update(bytes).digest('hex');
  const sha256 = mode === 'digests' ? createHash('sha256').update(bytes).digest('base64') : undefined;
  await client.send(
    new PutObjectCommand({
      Bucket: target,
      Key: `${prefix}${key}`,
      Body: bytes,
      IfNoneMatch: '*',
      ChecksumSHA256: sha256,
    }),
  );
}

const waiting = keys();
async function lane(): Promise<void> {
  for (let next = await waiting.next(); next.done !== true; next = await waiting.next())
    await copy(next.value);
}
await Promise.all(Array.from({ length: Number(lanes) }, lane));
client.destroy();
