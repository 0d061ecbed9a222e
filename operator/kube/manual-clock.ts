/** A clock for tests: it stands still until it is moved. */
import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on and calls what falls due, in order of time. */
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let nowMs = 0;
  const timers = new Set<{ readonly atMs: number; readonly act: () => void }>();
  const nextDue = (untilMs: number) =>
    [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    after(delayMs, act) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        timers.delete(due);
        nowMs = due.atMs;
        due.act();
      }
      nowMs = untilMs;
    },
  };
}
