/** The one container of worker pods. */

/** Its name, by which failure policies and readers of pods find it. */
export const workerContainer = 'worker';

/** Where pods find what they are given. */
export const mountPaths = {
  runSpec: '/etc/deid/run-spec',
  key: '/etc/deid/key',
  scratch: '/tmp',
  /** A claim is mounted below it under its own name. */
  volumes: '/volumes',
} as const;

/** Name of the port that counters are served on. */
export const progressPortName = 'progress';
