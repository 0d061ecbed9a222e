/** Waits for a promise no longer than a time. What it stands for goes on; whoever calls must not share memory with it. */

/** The value, or `late` after `ms` milliseconds. */
export async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
}

/** Milliseconds that an object may take: two minutes, and a second for every 4 MiB. */
export function objectTimeLimitMs(size: number): number {
  return 120_000 + Math.ceil(size / (4 * 1024 * 1024)) * 1000;
}
