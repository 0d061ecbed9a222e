/** One pass over a profile: whether jobs can use it, written where it is not written yet. */
import type { Clock } from '../kube/clock.ts';
import type { Transport } from '../kube/transport.ts';
import { profileStatus } from '../status/profile-status.ts';
import { type Caches, resources } from './caches.ts';
import type { PassResult } from './work-loop.ts';
import { writeStatus } from './write-status.ts';

export interface ProfileReconcilerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly caches: Pick<Caches, 'get'>;
}

export async function reconcileProfile(
  { transport, clock, caches }: ProfileReconcilerOptions,
  key: string,
  signal: AbortSignal,
): Promise<PassResult> {
  const object = caches.get('deidprofiles', key);
  if (object !== undefined && object.metadata.deletionTimestamp === undefined) {
    const status = profileStatus(object, clock.now().getTime());
    await writeStatus(transport, resources.deidprofiles, object, status, signal);
  }
  return { kind: 'Done' };
}
