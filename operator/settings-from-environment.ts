/**
 * Reads what the operator is set up with from its environment, as the chart gives it (`_environment.tpl`): words as they
 * are, lists and numbers as JSON.
 */
import type { Validated } from '../crds/schema/problem.ts';
import {
  choice,
  defaulted,
  integer,
  list,
  map,
  type Node,
  object,
  optional,
  required,
  text,
} from '../crds/schema/schema.ts';
import { validator } from '../crds/schema/validator.ts';
import { logLevels, type OperatorSettings } from './settings.ts';

const name = text('A name.', { minLength: 1, maxLength: 253 });
const names = (description: string) => list(description, name, { maxItems: 1000 });
const port = (description: string) => integer(description, 1, 65_535);

/** The variables; an empty one counts as left out. */
const variables = object('Environment of the operator.', {
  POD_NAME: required(name),
  POD_NAMESPACE: required(name),
  DEID_IMAGE: required(text('Image of worker pods.', { minLength: 1, maxLength: 1024 })),
  DEID_IMAGE_PULL_POLICY: defaulted(
    choice('When it is pulled.', ['Always', 'IfNotPresent', 'Never']),
    'IfNotPresent',
  ),
  DEID_IMAGE_PULL_SECRETS: defaulted(names('Secrets that it is pulled with.'), []),
  DEID_WATCH_NAMESPACES: defaulted(names('Namespaces of the jobs. Empty: all.'), []),
  DEID_LEASE_NAME: defaulted(name, 'deid-operator'),
  DEID_PORT: defaulted(port('Port of probes and metrics.'), 8080),
  DEID_LOG_LEVEL: defaulted(choice('The least that is logged.', logLevels), 'info'),
  DEID_WORKER_SERVICE_ACCOUNT: defaulted(name, 'deid-worker'),
  DEID_ALLOWED_SERVICE_ACCOUNTS: optional(names('Service accounts that jobs may name.')),
  DEID_ALLOWED_KEY_SECRETS: optional(names('Secrets that jobs may name.')),
  // The word of a pod must be there to be read, also after a change of leaders: a step is run again for what was lost.
  DEID_CHILD_TTL_SECONDS: defaulted(integer('Seconds that finished child Jobs stay.', 300, 31_536_000), 3600),
  DEID_PROGRESS_PORT: defaulted(port('Port of the counters of worker pods.'), 9464),
  DEID_WORKER_ENVIRONMENT: defaulted(
    map('Environment of worker pods.', text('A value.', { maxLength: 65_536 }), 1000),
    {},
  ),
});

const fits = validator(variables);

/** The value of a variable; a text that is no JSON stays one, for the validator to name. */
function parsed(node: Node, given: string): unknown {
  if (node.kind === 'string' || node.kind === 'choice') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** The settings, or which variables are wrong. Problems quote no value. */
export function settingsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Validated<OperatorSettings> {
  const { node } = variables;
  const fields = node.kind === 'object' ? node.fields : {};
  const given = Object.entries(fields).flatMap(([variable, field]) => {
    const value = environment[variable] ?? '';
    return value === '' ? [] : [[variable, parsed(field.node, value)]];
  });
  const fitted = fits(Object.fromEntries(given));
  if (!fitted.ok) return fitted;
  const read = fitted.document;
  const document: OperatorSettings = {
    podName: read.POD_NAME,
    podNamespace: read.POD_NAMESPACE,
    namespaces: read.DEID_WATCH_NAMESPACES,
    leaseName: read.DEID_LEASE_NAME,
    port: read.DEID_PORT,
    logLevel: read.DEID_LOG_LEVEL,
    children: {
      image: read.DEID_IMAGE,
      imagePullPolicy: read.DEID_IMAGE_PULL_POLICY,
      imagePullSecrets: read.DEID_IMAGE_PULL_SECRETS,
      workerServiceAccount: read.DEID_WORKER_SERVICE_ACCOUNT,
      allowedServiceAccounts: read.DEID_ALLOWED_SERVICE_ACCOUNTS,
      allowedKeySecrets: read.DEID_ALLOWED_KEY_SECRETS,
      childTtlSeconds: read.DEID_CHILD_TTL_SECONDS,
      progressPort: read.DEID_PROGRESS_PORT,
      workerEnvironment: read.DEID_WORKER_ENVIRONMENT,
    },
  };
  return { ok: true, document };
}
