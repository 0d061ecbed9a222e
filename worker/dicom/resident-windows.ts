/**
 * Parts of a body that are in memory, as few contiguous windows. A small object is one window; of a large one only what
 * the parser asked for is held, never its bulk values.
 */
import type { ResidentBytes } from './element.ts';

interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** Resident bytes that can be added to. */
export interface ResidentWindows extends ResidentBytes {
  /** Total bytes held. */
  readonly held: number;
  add(start: number, bytes: Uint8Array): void;
  /** Holds the bytes until others are passed through. */
  passThrough(start: number, bytes: Uint8Array): void;
  /** The window that holds `[start, end)`; undefined where none does. For hot loops that read many small parts. */
  find(start: number, end: number): Window | undefined;
}

export type { Window };

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function createResidentWindows(): ResidentWindows {
  const windows: Window[] = [];
  let last: Window | undefined;
  let transient: Window | undefined;
  let held = 0;
  const find = (start: number, end: number): Window | undefined => {
    if (last !== undefined && start >= last.start && end <= last.end) return last;
    if (transient !== undefined && start >= transient.start && end <= transient.end) return transient;
    const found = windows.find((window) => start >= window.start && end <= window.end);
    if (found !== undefined) last = found;
    return found;
  };
  return {
    get held() {
      return held;
    },
    add: (start, bytes) => {
      const window = { start, end: start + bytes.length, bytes: asBuffer(bytes) };
      windows.push(window);
      held += bytes.length;
      last = window;
    },
    passThrough: (start, bytes) => {
      transient = { start, end: start + bytes.length, bytes: asBuffer(bytes) };
    },
    find,
    has: (start, end) => find(start, end) !== undefined,
    view: (start, end) => {
      const window = find(start, end);
      if (window === undefined) throw new RangeError('the bytes are not resident');
      return window.bytes.subarray(start - window.start, end - window.start);
    },
  };
}

/** A body that is in memory whole. */
export function residentWhole(bytes: Uint8Array): ResidentWindows {
  const windows = createResidentWindows();
  windows.add(0, bytes);
  return windows;
}
