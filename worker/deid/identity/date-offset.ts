/** By how many whole days the dates of a patient move. */
import { identityFields, type KnownIdentity } from './patient-identity.ts';
import { type ProjectKey, purposes } from './project-key.ts';

/**
 * Gives 1 to `maxDays` days, to be subtracted from every date of the identity. The remainder of 128 bits favours no
 * day by more than one part in 2^100.
 */
export function dayOffset(key: ProjectKey, identity: KnownIdentity, maxDays: number): number {
  const number = BigInt(
    `0x${key.hmac(purposes.dateOffset, ...identityFields(identity)).toString('hex', 0, 16)}`,
  );
  return 1 + Number(number % BigInt(maxDays));
}
