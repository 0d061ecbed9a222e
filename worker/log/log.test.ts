import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultPlace } from './fault-place.ts';
import { createLog, isLogLine, type LogLevel } from './log.ts';

function lines(level: LogLevel): readonly Record<string, unknown>[] {
  const written: string[] = [];
  const log = createLog({ level, write: (line) => written.push(line) }).with({ run: 'r' });
  log.error('e', { exit: 'StorageFull' });
  log.warn('w');
  log.info('i', { objects: 3 });
  log.with({ shard: 2 }).debug('d', { ordinal: 7 });
  for (const line of written) assert.ok(isLogLine(line), 'a line of the log is known as one');
  return written.map((line) => JSON.parse(line));
}

describe('the log', () => {
  it('is one object of JSON a line, with the fields that were bound to it and those of the line', () => {
    const [error, , info, debug] = lines('debug').map(({ timestamp: _, ...rest }) => rest);
    assert.deepEqual(error, { level: 'error', message: 'e', run: 'r', exit: 'StorageFull' });
    assert.deepEqual(info, { level: 'info', message: 'i', run: 'r', objects: 3 });
    assert.deepEqual(debug, { level: 'debug', message: 'd', run: 'r', shard: 2, ordinal: 7 });
  });

  it('says what is of its level and above', () => {
    const counts = (['error', 'warn', 'info', 'debug'] as const).map((level) => lines(level).length);
    assert.deepEqual(counts, [1, 2, 3, 4]);
  });
});

describe('a line of standard error', () => {
  it('is none of the log unless it has its fields and no other', () => {
    for (const line of [
      '',
      'x',
      '{"',
      'null',
      '[]',
      '{"message":"x"}',
      '{"timestamp":"t","message":"x","value":"v"}',
    ]) {
      assert.equal(isLogLine(line), false, line);
    }
  });
});

describe('the place of a fault', () => {
  function thrown(error: unknown): ReturnType<typeof faultPlace> {
    try {
      throw error;
    } catch (caught) {
      return faultPlace(caught);
    }
  }

  it('is the class of the error and file and line, and never a word of its message', () => {
    const { fault, place } = thrown(new TypeError('Mustermann'));
    assert.equal(fault, 'TypeError');
    assert.match(place ?? '', /^log\.test\.ts:\d+$/);
  });

  it('is not read from a message that looks like a place', () => {
    const said = thrown(new Error('Mustermann\n    at Mustermann (/x/Mustermann.ts:1:1)'));
    assert.ok(!JSON.stringify(said).includes('Mustermann'));
    const changed = new Error('first');
    changed.message = 'Mustermann';
    assert.ok(!JSON.stringify(thrown(changed)).includes('Mustermann'));
    const named = new Error('x');
    named.name = 'Mustermann';
    assert.ok(!JSON.stringify(thrown(named)).includes('Mustermann'));
  });

  it('of what is no error is none', () => {
    assert.deepEqual(thrown('Mustermann'), { fault: 'Thrown' });
  });
});
