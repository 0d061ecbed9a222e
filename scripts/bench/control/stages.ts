/**
 * What kwok does with nodes and pods, as its Stage documents (kwok.x-k8s.io/v1alpha1): nodes are ready, pods run for a while,
 * and at their end leave the words of a worker. Templates are Go's, of YAML.
 */
import { stringify } from 'yaml';
import { jobLabel, type Step, stepLabel } from '../../../operator/build/names.ts';
import { workerContainer } from '../../../operator/build/worker-container.ts';
import { anyDigest, anyJob, type Words } from './bench-job.ts';

type Document = Readonly<Record<string, unknown>>;

/** How long pods of a step run, milliseconds. */
export type RunTimes = Readonly<Record<Exclude<Step, 'cleanup'>, number>>;

/** Every pod has this address, where one server serves the counters of all of them. */
export const podAddress = '127.0.0.1';

/** Stages that kwok plays at one time, and leases that it renews at one time. */
const parallelism = 16;

const options: Document = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  options: {
    podPlayStageParallelism: parallelism,
    nodePlayStageParallelism: parallelism,
    nodeLeaseParallelism: parallelism,
    // Without leases, nodes would count as lost after a while.
    nodeLeaseDurationSeconds: 40,
  },
};

interface Condition {
  readonly key: string;
  readonly operator: 'Exists' | 'DoesNotExist' | 'In' | 'NotIn';
  readonly values?: readonly string[];
}

function stage(
  name: string,
  kind: 'Node' | 'Pod',
  conditions: readonly Condition[],
  rest: Document,
): Document {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind },
      selector: { matchExpressions: conditions },
      ...rest,
    },
  };
}

const readiness = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const isAlive: Condition = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const inPhase = (phase: string): Condition => ({ key: '.status.phase', operator: 'In', values: [phase] });

const nodeReady = stage('node-ready', 'Node', [{ key: readiness, operator: 'NotIn', values: ['True'] }], {
  next: {
    statusTemplate: `
{{ $now := Now | Quote }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now }}
  lastTransitionTime: {{ $now }}
{{ end }}
allocatable: { cpu: 10k, memory: 10Ti, pods: 100k }
capacity: { cpu: 10k, memory: 10Ti, pods: 100k }
`,
  },
});

const podReady = stage('pod-ready', 'Pod', [isAlive, inPhase('Pending')], {
  next: {
    statusTemplate: `
{{ $now := Now | Quote }}
phase: Running
startTime: {{ $now }}
podIP: ${podAddress}
podIPs: [{ ip: ${podAddress} }]
conditions:
- { type: PodScheduled, status: "True", lastTransitionTime: {{ $now }} }
- { type: Ready, status: "True", lastTransitionTime: {{ $now }} }
containerStatuses:
- name: ${workerContainer}
  image: none
  imageID: none
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now }} } }
`,
  },
});

const podGone = stage('pod-gone', 'Pod', [{ key: isAlive.key, operator: 'Exists' }], {
  next: { delete: true },
});

/** The end of a step's pods; `message` is a template of the termination message, quoted. */
function podDone(step: keyof RunTimes, runMs: number, message: string): Document {
  const isOfStep: Condition = { key: `.metadata.labels["${stepLabel}"]`, operator: 'In', values: [step] };
  return stage(`pod-done-${step}`, 'Pod', [isAlive, inPhase('Running'), isOfStep], {
    delay: { durationMilliseconds: runMs },
    next: {
      statusTemplate: `
{{ $now := Now | Quote }}
phase: Succeeded
conditions:
- { type: PodScheduled, status: "True", lastTransitionTime: {{ $now }} }
- { type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now }} }
containerStatuses:
- name: ${workerContainer}
  image: none
  imageID: none
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now }}
      finishedAt: {{ $now }}
      message: ${message}
`,
    },
  });
}

/** A text within a template's action: Go reads it as JSON does. */
const literal = (text: string) => JSON.stringify(text);

/** The summary with the digest of the pod's own run spec, which differs from that of others by the job's name alone. */
function planMessage({ runSpec, plan }: Words): string {
  const name = `(index .metadata.labels ${literal(jobLabel)})`;
  const ownRunSpec = `(${literal(runSpec)} | replace ${literal(anyJob)} ${name})`;
  const digest = `(printf "sha256:%s" (sha256sum ${ownRunSpec}))`;
  return `{{ ${literal(JSON.stringify(plan))} | replace ${literal(anyDigest)} ${digest} | Quote }}`;
}

/** kwok's configuration file. */
export function kwokConfiguration(words: Words, runTimes: RunTimes): string {
  const documents = [
    options,
    nodeReady,
    podReady,
    podDone('plan', runTimes.plan, planMessage(words)),
    podDone('process', runTimes.process, '""'),
    podDone('finish', runTimes.finish, `{{ ${literal(JSON.stringify(words.finish))} | Quote }}`),
    podGone,
  ];
  return documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');
}
