/** What a Job's podFailurePolicy does with a pod that failed (batch/v1): the first rule that fits decides. */
import type { KubeObject } from '../../operator/kube/object.ts';
import { type Fields, fields } from './merge-patch.ts';

export type FailureAction = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';

export function failureAction(policy: unknown, pod: KubeObject): FailureAction {
  const rule = list(fields(policy).rules).find((candidate) => fits(candidate, pod));
  return rule === undefined ? 'Count' : (rule.action as FailureAction);
}

function fits({ onExitCodes, onPodConditions }: Fields, { status }: KubeObject): boolean {
  if (onExitCodes !== undefined) {
    const { containerName, operator, values } = fields(onExitCodes);
    return list(fields(status).containerStatuses).some(({ name, state }) => {
      const { exitCode } = fields(fields(state).terminated);
      if (containerName !== undefined && containerName !== name) return false;
      if (typeof exitCode !== 'number' || exitCode === 0 || !Array.isArray(values)) return false;
      return values.includes(exitCode) === (operator === 'In');
    });
  }
  const conditions = list(fields(status).conditions);
  return list(onPodConditions).some(({ type, status: wanted = 'True' }) =>
    conditions.some((condition) => condition.type === type && condition.status === wanted),
  );
}

export function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}
