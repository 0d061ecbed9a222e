import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { capacityOf } from './machine.ts';

const MiB = 1024 * 1024;

describe('the capacity of a machine', () => {
  it('is a worker for each processor where memory allows it', () => {
    assert.deepEqual(capacityOf({ processors: 2, memory: 2048 * MiB }), {
      workers: 2,
      heapMiB: 464,
      inFlightBytes: 928 * MiB,
    });
    assert.equal(capacityOf({ processors: 64, memory: 2048 * MiB }).workers, 4);
    assert.equal(capacityOf({ processors: 8, memory: 64 * 1024 * MiB }).workers, 8);
  });

  it('is one worker with little in hand where memory is short', () => {
    const { workers, heapMiB, inFlightBytes } = capacityOf({ processors: 8, memory: 256 * MiB });
    assert.equal(workers, 1);
    assert.equal(heapMiB, 192);
    assert.equal(inFlightBytes, 64 * MiB);
  });

  it('never promises more than there is, from 640 MiB on', () => {
    const machines = fc.record({
      processors: fc.integer({ min: 1, max: 256 }),
      memory: fc.integer({ min: 640, max: 1024 * 1024 }).map((size) => size * MiB),
    });
    fc.assert(
      fc.property(machines, (machine) => {
        const { workers, heapMiB, inFlightBytes } = capacityOf(machine);
        assert.ok(workers >= 1 && workers <= machine.processors);
        assert.ok(workers * heapMiB * MiB + inFlightBytes <= machine.memory);
        assert.ok(heapMiB <= 1024);
      }),
    );
  });
});
