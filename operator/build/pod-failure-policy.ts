/**
 * What a Job does with a pod that failed, by its exit code (batch/v1 podFailurePolicy; the first rule that fits
 * decides). The order is the policy: a job that cannot succeed stops at once; a pod that was disrupted, or drained after
 * a signal, costs no retry; a shard that cannot succeed fails alone; all else is counted and tried again.
 */
import { exitCodes, type PodFailureAction } from '../../crds/records/exit-codes.ts';
import { workerContainer } from './worker-container.ts';

function codesOf(action: PodFailureAction): readonly number[] {
  return Object.values(exitCodes)
    .flatMap(({ pod, code }) => (pod === action ? [code] : []))
    .sort((a, b) => a - b);
}

function onExitCodes(action: Exclude<PodFailureAction, 'Count'>) {
  return {
    action,
    onExitCodes: { containerName: workerContainer, operator: 'In', values: codesOf(action) },
  };
}

const onDisruption = {
  action: 'Ignore',
  onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
} as const;

/** For the Indexed Job of shards. */
export const shardFailurePolicy = {
  rules: [onExitCodes('FailJob'), onDisruption, onExitCodes('Ignore'), onExitCodes('FailIndex')],
} as const;

/** For Jobs of one pod, which have no index to fail: what would fail the index fails the Job. */
export const stepFailurePolicy = {
  rules: [
    onExitCodes('FailJob'),
    onDisruption,
    onExitCodes('Ignore'),
    { ...onExitCodes('FailIndex'), action: 'FailJob' },
  ],
} as const;
