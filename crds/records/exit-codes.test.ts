import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeName, exitCodes } from './exit-codes.ts';

describe('exit codes', () => {
  const failures = Object.entries(exitCodes).filter(([name]) => name !== 'Success');

  it('but for success lie in 64..113, each once', () => {
    const codes = failures.map(([, { code }]) => code);
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.ok(code >= 64 && code <= 113);
    assert.equal(exitCodes.Success.code, 0);
  });

  it('have a meaning that is a sentence', () => {
    for (const [name, { meaning }] of failures) assert.match(meaning, /^[A-Z].*\.$/, name);
  });

  it('let a pod that was interrupted go uncounted, and end the job where trying again is of no use', () => {
    assert.equal(exitCodes.Interrupted.pod, 'Ignore');
    for (const [name, { retryable, pod }] of failures)
      if (pod === 'FailJob') assert.equal(retryable, false, name);
  });

  it('are found by number', () => {
    assert.equal(exitCodeName(75), 'Interrupted');
    assert.equal(exitCodeName(1), undefined);
  });
});
