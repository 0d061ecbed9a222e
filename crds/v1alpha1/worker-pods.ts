/**
 * What the author of a job may say of its worker pods: a fixed list. Containers, images, volumes, host access and
 * environment are not in it, so that a job cannot run anything but the worker, nor read a Secret through it.
 */
import {
  choice,
  defaulted,
  integer,
  intOrString,
  list,
  map,
  object,
  open,
  optional,
  required,
  text,
  type Value,
} from '../schema/schema.ts';

const quantity = (description: string) =>
  intOrString(description, {
    minimum: 0,
    maximum: 2 ** 50,
    maxLength: 24,
    pattern: '^[0-9]{1,15}(\\.[0-9]{1,6})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$',
    expected: 'a quantity such as 500m or 2Gi',
  });

const resourceList = (description: string) =>
  object(description, {
    cpu: optional(quantity('Processors, such as 2 or 500m.')),
    memory: optional(quantity('Memory, such as 2Gi.')),
  });

const toleration = object('A toleration, as in core/v1.', {
  key: optional(text('Key of the taint. Default: every taint.', { maxLength: 316 })),
  operator: optional(choice('How value is compared. Default: Equal.', ['Equal', 'Exists'])),
  value: optional(text('Value of the taint.', { maxLength: 63 })),
  effect: optional(
    choice('Effect of the taint. Default: every effect.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  ),
  tolerationSeconds: optional(integer('Seconds that a NoExecute taint is tolerated. Default: for ever.', 0)),
});

const spread = object('How the pods of a job spread; they are selected by the job itself.', {
  maxSkew: required(integer('The largest difference between two domains, in pods.', 1, 10_000)),
  topologyKey: required(
    text('Label of nodes that tells domains apart, such as topology.kubernetes.io/zone.', {
      minLength: 1,
      maxLength: 316,
    }),
  ),
  whenUnsatisfiable: required(
    choice('What becomes of a pod that would break the rule.', ['DoNotSchedule', 'ScheduleAnyway']),
  ),
});

/** The schema of `spec.worker`. */
export const workerPods = object('How the worker pods of the job run.', {
  serviceAccountName: optional(
    text(
      'Service account of the pods, for access to object storage; its token is not mounted. Default: the one that the operator is set up with.',
      { minLength: 1, maxLength: 253 },
    ),
  ),
  resources: defaulted(
    object('What a pod asks for and may use.', {
      requests: defaulted(resourceList('What is set aside. Default: 1 processor and 1Gi.'), {
        cpu: '1',
        memory: '1Gi',
      }),
      limits: defaulted(resourceList('What may be used. Default: 2Gi of memory.'), { memory: '2Gi' }),
    }),
    {},
  ),
  scratch: defaulted(
    quantity('Size limit of the scratch space of a pod, held in memory. Default: 256Mi.'),
    '256Mi',
  ),
  nodeSelector: optional(
    map('Labels that nodes must have.', text('Value of the label.', { maxLength: 63 }), 32),
  ),
  tolerations: optional(list('Taints that the pods tolerate.', toleration, { maxItems: 32 })),
  affinity: optional(open('Affinity, as in core/v1; the API server checks it.', {})),
  topologySpreadConstraints: optional(
    list('How the pods spread. Default: evenly over nodes, as far as possible.', spread, { maxItems: 8 }),
  ),
  priorityClassName: optional(text('Priority class of the pods.', { minLength: 1, maxLength: 253 })),
  runtimeClassName: optional(text('Runtime class of the pods.', { minLength: 1, maxLength: 253 })),
  terminationGracePeriodSeconds: defaulted(
    integer('Seconds that a pod has to flush its journal when it is stopped, 5 to 90. Default: 30.', 5, 90),
    30,
  ),
  disruption: defaulted(
    choice(
      'Whether node consolidation may stop a pod in the middle of a shard. Allow: it may, the shard goes on elsewhere. Avoid: pods are marked so that Karpenter and the cluster autoscaler leave them alone; choose it on demand capacity only. Default: Allow.',
      ['Allow', 'Avoid'],
    ),
    'Allow',
  ),
});

export type WorkerPods = Value<typeof workerPods>;
