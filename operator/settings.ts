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

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** All that the operator is set up with. */
export interface OperatorSettings {
  /** This process, as leases and events name it. */
  readonly podName: string;
  readonly podNamespace: string;
  /** Namespaces of the jobs that the operator cares for; empty for all. */
  readonly namespaces: readonly string[];
  /** Name of the Lease in the operator's namespace. */
  readonly leaseName: string;
  /** Port of `/healthz`, `/readyz` and `/metrics`. */
  readonly port: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly children: ChildSettings;
}
