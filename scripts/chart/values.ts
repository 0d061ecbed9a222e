/**
 * The values of the chart: the one source of `values.yaml`, where descriptions stand as comments, and of
 * `values.schema.json`, which refuses whatever is not named here.
 */
import {
  boolean,
  choice,
  defaulted,
  integer,
  list,
  map,
  object,
  open,
  optional,
  text,
} from '../../crds/schema/schema.ts';

const namespaces = (description: string) =>
  list(
    description,
    text('A namespace.', { minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' }),
    { maxItems: 1000, listType: 'set' },
  );

const names = (description: string) =>
  list(description, text('A name.', { minLength: 1, maxLength: 253 }), { maxItems: 1000, listType: 'set' });

const ranges = (description: string) =>
  list(
    description,
    text('A range in CIDR notation.', { maxLength: 64, pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' }),
    { maxItems: 1000, listType: 'set' },
  );

const ports = (description: string) =>
  list(description, integer('A port.', 1, 65_535), { minItems: 1, maxItems: 100, listType: 'set' });

const texts = (description: string) => map(description, text('Text.', { maxLength: 65_536 }), 1000);

/** Parts of manifests, which the API server checks. */
const part = (description: string) => open(description, {});
const parts = (description: string) => list(description, part('A part.'), { maxItems: 1000 });

const port = (description: string) => integer(description, 1024, 65_535);
const seconds = (description: string) => integer(description, 300, 31_536_000);

const image = object('The image, of the operator and of the worker pods alike.', {
  repository: defaulted(text('Where the image lies, without tag.', { minLength: 1 }), 'deid-operator'),
  tag: defaulted(text('Its tag. Empty: the version of the chart.', { maxLength: 128 }), ''),
  digest: defaulted(
    text('Its digest (sha256:…); where it is given the tag is not looked at.', {
      maxLength: 71,
      pattern: '^(sha256:[0-9a-f]{64})?$',
    }),
    '',
  ),
  pullPolicy: defaulted(choice('When it is pulled.', ['Always', 'IfNotPresent', 'Never']), 'IfNotPresent'),
  pullSecrets: defaulted(names('Secrets that it is pulled with; they lie in each namespace of pods.'), []),
});

const watch = object('Which jobs the operator cares for.', {
  namespaces: defaulted(
    namespaces(
      'Namespaces of the jobs. Empty: all namespaces, by a ClusterRole. Otherwise a Role in each of them, and nothing of the release is cluster-scoped: the definitions are then installed apart.',
    ),
    [],
  ),
});

const operator = object('The pods of the operator.', {
  replicas: defaulted(integer('Number of pods: one leads, the others stand by.', 1, 10), 2),
  serviceAccount: defaulted(
    object('Their service account.', {
      create: defaulted(boolean('Make it; otherwise it is there already.'), true),
      name: defaulted(text('Its name. Empty: that of the release.', { maxLength: 253 }), ''),
      annotations: defaulted(texts('Its annotations.'), {}),
    }),
    {},
  ),
  port: defaulted(port('Port of /healthz, /readyz and /metrics.'), 8080),
  logLevel: defaulted(choice('The least that is logged.', ['error', 'warn', 'info', 'debug']), 'info'),
  resources: defaulted(part('Resources of a pod.'), {
    requests: { cpu: '100m', memory: '192Mi' },
    limits: { memory: '384Mi' },
  }),
  environment: defaulted(texts('More environment, such as NODE_OPTIONS. No secrets.'), {}),
  podLabels: defaulted(texts('More labels of the pods.'), {}),
  podAnnotations: defaulted(texts('More annotations of the pods.'), {}),
  nodeSelector: defaulted(texts('Labels that nodes must have.'), {}),
  tolerations: defaulted(parts('Taints that the pods tolerate.'), []),
  affinity: defaulted(part('Affinity of the pods. Empty: on different nodes, where possible.'), {}),
  priorityClassName: defaulted(text('Priority class of the pods.', { maxLength: 253 }), ''),
  podDisruptionBudget: defaulted(boolean('Keep one pod through drains, where there are two or more.'), true),
});

const worker = object('The pods that jobs run as. What a job says of its own pods stands in the job.', {
  namespaces: defaulted(
    namespaces(
      'Namespaces that get the service account and the network policy of worker pods. They are there already. Empty: those of watch.namespaces, or that of the release where it is empty too.',
    ),
    [],
  ),
  serviceAccount: defaulted(
    object(
      'The service account of worker pods whose job names none. It has no rights and its token is not mounted.',
      {
        create: defaulted(boolean('Make it; otherwise it is there already.'), true),
        name: defaulted(text('Its name.', { minLength: 1, maxLength: 253 }), 'deid-worker'),
        annotations: defaulted(
          texts('Its annotations, such as eks.amazonaws.com/role-arn for an IAM role.'),
          {},
        ),
      },
    ),
    {},
  ),
  allowedServiceAccounts: defaulted(
    names('Service accounts that jobs may name besides that one. Empty: any of their namespace.'),
    [],
  ),
  allowedKeySecrets: defaulted(
    names('Secrets that jobs may take their project key from. Empty: any of their namespace.'),
    [],
  ),
  progressPort: defaulted(port('Port on which a pod serves its counters to the operator.'), 9464),
  childTtlSeconds: defaulted(
    seconds(
      'Seconds after which the finished child Jobs of a job, and their pods, are removed; 300 or more.',
    ),
    3600,
  ),
  environment: defaulted(texts('Environment of every worker pod. No secrets.'), {}),
});

const crds = object('The definitions of DeidJob and DeidProfile.', {
  install: defaulted(boolean('Install and upgrade them with the release; not with watch.namespaces.'), true),
  keep: defaulted(
    boolean(
      'Leave them, and with them every job, when the release is uninstalled or no longer has them. True where it has none.',
    ),
    true,
  ),
});

const rbac = object('Rights.', {
  create: defaulted(boolean('Make the roles of the operator and bind them.'), true),
  userRoles: defaulted(
    boolean(
      'Make roles for people: viewer, editor (jobs) and admin (profiles too). In all namespaces they add to the roles view, edit and admin of Kubernetes.',
    ),
    true,
  ),
});

const networkPolicy = object('Network policies.', {
  enabled: defaulted(boolean('Make them for the pods of the operator and for worker pods.'), true),
  dns: defaulted(parts('Peers that resolve names, as in a network policy.'), [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
    { ipBlock: { cidr: '169.254.20.10/32' } },
  ]),
  operator: defaulted(
    object('Of the pods of the operator.', {
      apiServer: defaulted(
        object('Where the API server is reached.', {
          ranges: defaulted(ranges('Its addresses.'), ['0.0.0.0/0', '::/0']),
          ports: defaulted(ports('Its ports.'), [443, 6443]),
        }),
        {},
      ),
      metricsFrom: defaulted(parts('Peers that may read /metrics. Empty: none but those of its node.'), [
        { namespaceSelector: {} },
      ]),
      extraEgress: defaulted(parts('More egress rules.'), []),
    }),
    {},
  ),
  worker: defaulted(
    object('Of worker pods.', {
      storage: defaulted(
        object(
          'Where object storage, STS and KMS are reached. Addresses of instance metadata are cut out of it.',
          {
            ranges: defaulted(ranges('Their addresses.'), ['0.0.0.0/0', '::/0']),
            ports: defaulted(ports('Their ports.'), [443]),
          },
        ),
        {},
      ),
      podIdentityAgent: defaulted(boolean('Allow the agent of EKS Pod Identity.'), true),
      extraEgress: defaulted(parts('More egress rules, such as one for a store within the cluster.'), []),
    }),
    {},
  ),
});

const tracing = object('Traces, of operator and workers, over OTLP.', {
  endpoint: defaulted(
    text('URL of the collector, such as http://collector.observability:4318. Empty: no traces.', {
      pattern: '^(https?://[^\\s/]+(/\\S*)?)?$',
    }),
    '',
  ),
  collector: defaulted(
    object('The collector as a peer of network policies, where there is an endpoint.', {
      to: defaulted(parts('Its peers. Empty: any address.'), []),
      ports: defaulted(ports('Its ports.'), [4317, 4318]),
    }),
    {},
  ),
});

const monitoring = object('Metrics for Prometheus Operator and Grafana.', {
  serviceMonitor: defaulted(
    object('A ServiceMonitor.', {
      enabled: defaulted(boolean('Make it.'), false),
      labels: defaulted(texts('Labels by which Prometheus finds it.'), {}),
      interval: defaulted(text('How often metrics are read.', { pattern: '^[0-9]+(ms|s|m)$' }), '30s'),
    }),
    {},
  ),
  prometheusRule: defaulted(
    object('A PrometheusRule with alerts.', {
      enabled: defaulted(boolean('Make it.'), false),
      labels: defaulted(texts('Labels by which Prometheus finds it.'), {}),
      runbook: defaulted(
        text('Where docs/runbooks.md is read; alerts link to its headings.', { minLength: 1 }),
        'docs/runbooks.md',
      ),
    }),
    {},
  ),
  dashboard: defaulted(
    object('A ConfigMap with a dashboard for the sidecar of Grafana.', {
      enabled: defaulted(boolean('Make it.'), false),
      labels: defaulted(texts('Labels by which the sidecar finds it.'), { grafana_dashboard: '1' }),
    }),
    {},
  ),
});

const admissionPolicy = object(
  'A ValidatingAdmissionPolicy over the jobs of the whole cluster, or of the namespaces that are selected. Not with watch.namespaces.',
  {
    enabled: defaulted(boolean('Make it.'), false),
    namespaceSelector: defaulted(part('Namespaces whose jobs it judges. Empty: all.'), {}),
    sourceBuckets: defaulted(names('Buckets that jobs may read from. Empty: any.'), []),
    writtenBuckets: defaulted(
      names('Buckets that jobs may use as destination, quarantine and work area. Empty: any.'),
      [],
    ),
    endpoints: defaulted(
      names('Stores that are not AWS that jobs may name. Empty: any, unless buckets are listed, then none.'),
      [],
    ),
    requireKmsKey: defaulted(boolean('Demand a KMS key of every area that is written in S3.'), false),
    kmsKeys: defaulted(names('KMS keys that jobs may name, as they name them. Empty: any.'), []),
    allowVolumes: defaulted(boolean('Let areas lie on volume claims.'), true),
  },
);

/** Every value of the chart with its default. */
export const chartValues = object('Values of the chart deid-operator.', {
  nameOverride: defaulted(text('Name instead of deid-operator.', { maxLength: 40 }), ''),
  fullnameOverride: defaulted(
    text('Name of the objects instead of one made of release and name.', { maxLength: 40 }),
    '',
  ),
  image: defaulted(image, {}),
  watch: defaulted(watch, {}),
  operator: defaulted(operator, {}),
  worker: defaulted(worker, {}),
  crds: defaulted(crds, {}),
  rbac: defaulted(rbac, {}),
  networkPolicy: defaulted(networkPolicy, {}),
  tracing: defaulted(tracing, {}),
  monitoring: defaulted(monitoring, {}),
  admissionPolicy: defaulted(admissionPolicy, {}),
  global: optional(part('Values of a chart that holds this one.')),
});
