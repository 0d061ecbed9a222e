import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiError, connectionError, refusalError, statusError } from './api-error.ts';

const now = new Date('2026-01-01T00:00:00Z');
const status = (fields: object) => JSON.stringify({ kind: 'Status', status: 'Failure', ...fields });
const refusal = (code: number, body: string, retryAfter?: string) =>
  refusalError({ call: 'get jobs', code, body, retryAfter, now });

function kinds(error: ApiError): string[] {
  const { isConflict, isAlreadyExists, isNotFound, isGone, isRetryable, isHarmless } = error;
  const all = { isConflict, isAlreadyExists, isNotFound, isGone, isRetryable, isHarmless };
  return Object.entries(all).flatMap(([name, holds]) => (holds ? [name] : []));
}

test('an answer is told by its code and reason', () => {
  const cases: readonly (readonly [number, string, string[]])[] = [
    [409, 'Conflict', ['isConflict']],
    [409, 'AlreadyExists', ['isAlreadyExists']],
    [404, 'NotFound', ['isNotFound']],
    [410, 'Expired', ['isGone']],
    [410, 'Gone', ['isGone']],
    [403, 'Forbidden', []],
    [422, 'Invalid', []],
    [401, 'Unauthorized', ['isHarmless']],
    [429, 'TooManyRequests', ['isRetryable', 'isHarmless']],
    [500, 'InternalError', ['isRetryable']],
    [503, 'ServiceUnavailable', ['isRetryable']],
    [504, 'Timeout', ['isRetryable']],
  ];
  for (const [code, reason, expected] of cases)
    assert.deepEqual(kinds(refusal(code, status({ code, reason }))), expected, reason);
});

test('a page of a proxy is no word of the API server, also where its code is 404', () => {
  for (const body of [
    '<html><h1>404 Not Found</h1></html>',
    '',
    '404 page not found',
    '{"kind":"Job"}',
    '[',
  ]) {
    const error = refusal(404, body);
    assert.equal(error.message, 'get jobs: 404 NotAnApiServer');
    assert.deepEqual(kinds(error), ['isRetryable']);
  }
});

test('the rest that is asked for comes as seconds, as a date, or within the Status', () => {
  assert.equal(refusal(429, '', '7').retryAfterMs, 7000);
  assert.equal(refusal(429, '', 'Thu, 01 Jan 2026 00:00:09 GMT').retryAfterMs, 9000);
  assert.equal(refusal(429, '', 'Wed, 31 Dec 2025 00:00:00 GMT').retryAfterMs, 0);
  assert.equal(refusal(429, '', 'soon').retryAfterMs, undefined);
  const inStatus = status({ code: 504, reason: 'Timeout', details: { retryAfterSeconds: 2 } });
  assert.equal(refusal(504, inStatus).retryAfterMs, 2000);
});

test('messages are bounded, of one line, and quote nothing that was sent', () => {
  const value = 'GRUENSPECHT^MAELINA';
  const invalid = status({
    code: 422,
    reason: 'Invalid',
    message: `Job "x" is invalid: spec.a: Invalid value: "${value}"`,
    details: { causes: [{ field: 'spec.a', reason: 'FieldValueInvalid', message: `"${value}"` }] },
  });
  const error = refusal(422, invalid);
  assert.equal(error.message, 'get jobs: 422 Invalid (spec.a FieldValueInvalid)');
  assert.deepEqual(error.causes, [{ field: 'spec.a', reason: 'FieldValueInvalid' }]);
  const policy = status({ code: 422, reason: 'Invalid', message: `policy "p" denied: "${value}` });
  assert.equal(refusal(422, policy).message, 'get jobs: 422 Invalid (policy "…" denied: "…")');
  const long = refusal(403, status({ code: 403, reason: 'Forbidden', message: 'a\nb '.repeat(1000) }));
  assert.ok(long.message.length < 300);
  assert.ok(!long.message.includes('\n'));
});

test('connections that never came about differ from those that broke', () => {
  const error = (code: string) => Object.assign(new Error('10.0.0.1 said something'), { code });
  assert.deepEqual(kinds(connectionError('get jobs', error('ECONNREFUSED'))), ['isRetryable', 'isHarmless']);
  assert.deepEqual(kinds(connectionError('get jobs', error('ECONNRESET'))), ['isRetryable']);
  assert.deepEqual(kinds(connectionError('get jobs', error('CERT_HAS_EXPIRED'))), []);
  assert.equal(
    connectionError('get jobs', new TypeError('failed', { cause: error('EPIPE') })).message,
    'get jobs: NoAnswer (EPIPE)',
  );
  assert.equal(
    connectionError('get jobs', new AggregateError([error('ECONNREFUSED')])).reason,
    'Unreachable',
  );
});

test('the ERROR event of a watch tells the same', () => {
  assert.ok(statusError('watch jobs', { kind: 'Status', code: 410, reason: 'Expired' }).isGone);
  assert.equal(statusError('watch jobs', {}).message, 'watch jobs: Unknown');
});
