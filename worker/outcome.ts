/** What can become of an object: exactly one of five outcomes, each but the first two with a reason code. */

export const outcomes = ['deidentified', 'review', 'rejected', 'skipped', 'failed'] as const;

/**
 * - `deidentified`: written to the destination.
 * - `review`: held back, a person must look; the record and the candidate output lie in quarantine.
 * - `rejected`: not understood, or refused by policy; only the record is kept.
 * - `skipped`: the job's filter says it is not wanted.
 * - `failed`: a fault of the surroundings, to be tried again.
 */
export type Outcome = (typeof outcomes)[number];
