/** Writes the status of an object: what differs, and only if nobody has written the object since it was read. */

import { mergePatch } from '../kube/merge-patch.ts';
import { isKubeObject, type KubeObject } from '../kube/object.ts';
import { type Resource, resourcePath } from '../kube/resource.ts';
import type { Transport } from '../kube/transport.ts';

/** The object as the write left it; undefined where nothing differs. Throws an `ApiError` that is a conflict. */
export async function writeStatus(
  transport: Transport,
  resource: Resource,
  object: KubeObject,
  status: object,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const changes = mergePatch(object.status ?? {}, status);
  if (changes === undefined) return undefined;
  const { namespace, name, resourceVersion } = object.metadata;
  const path = resourcePath(resource, { namespace, name, subresource: 'status' });
  const body = { metadata: { resourceVersion }, status: changes };
  const answer = await transport.call(path, { method: 'PATCH', body, signal });
  return isKubeObject(answer) ? answer : undefined;
}
