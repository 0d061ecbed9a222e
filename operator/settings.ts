/** What the operator is set up with: values of the chart, parsed once. */

/** Settings that child objects are built from. */
export interface ChildSettings {
  /** Image of the worker pods: the one that the operator itself runs. */
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly imagePullSecrets: readonly string[];
  /** Service account of worker pods whose job names none. */
  readonly workerServiceAccount: string;
  /** Service accounts that jobs may name; undefined where any may be named. */
  readonly allowedServiceAccounts: readonly string[] | undefined;
  /** Secrets that jobs may take their project key from; undefined where any may be named. */
  readonly allowedKeySecrets: readonly string[] | undefined;
  /** Seconds after which finished child Jobs are removed. */
  readonly childTtlSeconds: number;
  /** Port on which worker pods serve their counters. */
  readonly progressPort: number;
  /** Environment that every worker pod is given, such as the address of a trace collector. No secrets. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
}
