import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '../kube/api-error.ts';
import { createLog, errorFields } from './log.ts';

it('the log is one object of JSON a line, from its level on', () => {
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  log.debug('unheard');
  log.info('heard', { uid: 'u', objects: 3 });
  assert.equal(lines.length, 1);
  const { timestamp, ...rest } = JSON.parse(lines[0] ?? '');
  assert.deepEqual(rest, { level: 'info', message: 'heard', uid: 'u', objects: 3 });
  assert.match(timestamp, /^\d{4}-/);
});

it('of an error only codes, its class and its place are said', () => {
  assert.deepEqual(errorFields(new ApiError({ call: 'get pods', code: 503, reason: 'Unavailable' })), {
    reason: 'Unavailable',
    code: 503,
  });
  const said = errorFields(new TypeError('GRUENSPECHT^MAELINA\n    at GRUENSPECHT'));
  assert.equal(said.fault, 'TypeError');
  assert.ok(!JSON.stringify(said).includes('GRUENSPECHT'));
  assert.deepEqual(errorFields('GRUENSPECHT'), { fault: 'Thrown' });
});
