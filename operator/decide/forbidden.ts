/** What the operator's settings forbid to a job: no pod of it is made, whatever its step. */
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import type { ChildSettings } from '../settings.ts';
import { type Cause, troubles } from '../status/reasons.ts';

/** Why the job may have no pods; undefined where it may. */
export function forbidden(
  { worker, key }: Pick<DeidJobSpec, 'worker' | 'key'>,
  { allowedServiceAccounts, allowedKeySecrets }: ChildSettings,
): Cause | undefined {
  const { serviceAccountName } = worker;
  const secret = key.secretRef?.name;
  if (serviceAccountName !== undefined && allowedServiceAccounts?.includes(serviceAccountName) === false) {
    return troubles.serviceAccountNotAllowed;
  }
  return secret !== undefined && allowedKeySecrets?.includes(secret) === false
    ? troubles.keySecretNotAllowed
    : undefined;
}
