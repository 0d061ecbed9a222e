import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRetry } from './s3-retry.ts';
import { StorageError } from './storage-error.ts';

function failing(name: string, times: number) {
  let calls = 0;
  return {
    act: async () => {
      calls += 1;
      if (calls <= times) throw Object.assign(new Error('of the SDK'), { name });
      return 'done';
    },
    calls: () => calls,
  };
}

const createTestRetry = () => createRetry({ random: () => 0, pause: async () => {} });
const isDenied = (error: unknown) => error instanceof StorageError && error.code === 'Denied';

describe('a request that fails', () => {
  it('is made again where that can help, and not where the store refuses', async () => {
    const busy = failing('SlowDown', 3);
    assert.equal(await createTestRetry()(busy.act), 'done');
    assert.equal(busy.calls(), 4);
    const refused = failing('AccessDenied', 3);
    await assert.rejects(() => createTestRetry()(refused.act), isDenied);
    assert.equal(refused.calls(), 1);
  });

  it('for want of credentials is made again where there were some before', async () => {
    const never = failing('CredentialsProviderError', 1);
    await assert.rejects(() => createTestRetry()(never.act), isDenied);
    const retry = createTestRetry();
    await retry(async () => {});
    const forAWhile = failing('CredentialsProviderError', 3);
    assert.equal(await retry(forAWhile.act), 'done');
  });
});
