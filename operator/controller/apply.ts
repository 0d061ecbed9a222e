/** Carries actions out. Each may have been carried out before: by a leader that fell, or by a call whose answer was lost. */
import type { Step } from '../build/names.ts';
import type { Action } from '../decide/decision.ts';
import type { Refusal } from '../facts/job-facts.ts';
import { ApiError } from '../kube/api-error.ts';
import { isKubeObject, type KubeObject } from '../kube/object.ts';
import { type Resource, resourcePath } from '../kube/resource.ts';
import type { CallOptions, Transport } from '../kube/transport.ts';
import { resources } from './caches.ts';

/** How carrying out went; faults of the network and of the server are thrown as {@link ApiError}. */
export type Applied =
  /** `job` is the DeidJob as the last write of it left it, where there was one. */
  | { readonly kind: 'Done'; readonly job: KubeObject | undefined; readonly made: readonly Step[] }
  /** The API server will not have an object. What came after it was not tried. */
  | { readonly kind: 'Refused'; readonly refusal: Refusal }
  /** The name of an object, of `job` where it is a Job, is taken: whose it is must be looked up. What came after it was not tried. */
  | { readonly kind: 'Taken'; readonly job: string | undefined };

/** Codes of answers that say that the object, not the moment, is wrong. */
const refusing: ReadonlySet<number> = new Set([400, 403, 404, 413, 422]);

type Creation = Extract<Action, { kind: 'CreateJob' | 'CreateConfigMap' }>;

function refusalOf(object: Refusal['object'], error: ApiError): Refusal | undefined {
  if (!refusing.has(error.code)) return undefined;
  const fields = error.causes.map(({ field }) => field).filter((field) => /^[\w.[\]]{1,80}$/.test(field));
  return {
    object,
    reason: /^[A-Za-z]{1,40}$/.test(error.reason) ? error.reason : 'Unknown',
    fields: fields.slice(0, 5),
  };
}

export interface ApplyContext {
  readonly transport: Transport;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

/** Stands for an answer that ends the carrying out. */
type Stop = Exclude<Applied, { kind: 'Done' }>;

async function create(context: ApplyContext, action: Creation): Promise<Stop | undefined> {
  const { transport, namespace, signal } = context;
  const resource: Resource = action.kind === 'CreateJob' ? resources.jobs : resources.configmaps;
  try {
    await transport.call(resourcePath(resource, { namespace }), {
      method: 'POST',
      body: action.manifest,
      signal,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { name } = action.manifest.metadata as { readonly name: string };
    if (error.isAlreadyExists) return { kind: 'Taken', job: action.kind === 'CreateJob' ? name : undefined };
    const refusal = refusalOf(action.kind === 'CreateJob' ? action.step : 'runSpec', error);
    if (refusal === undefined) throw error;
    return { kind: 'Refused', refusal };
  }
}

async function change(
  context: ApplyContext,
  action: Extract<Action, { kind: 'PatchJob' | 'DeleteJob' }>,
): Promise<Stop | undefined> {
  const { transport, namespace, signal } = context;
  const { name } = action;
  const options: CallOptions =
    action.kind === 'PatchJob'
      ? {
          method: 'PATCH',
          body: {
            metadata: {
              resourceVersion: action.resourceVersion,
              ...(action.annotations === undefined ? {} : { annotations: action.annotations }),
            },
            spec: action.changes,
          },
          signal,
        }
      : {
          method: 'DELETE',
          body: {
            kind: 'DeleteOptions',
            apiVersion: 'v1',
            propagationPolicy: 'Foreground',
            preconditions: { uid: action.uid },
          },
          signal,
        };
  try {
    await transport.call(resourcePath(resources.jobs, { namespace, name }), options);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (action.kind === 'PatchJob') {
      const refusal = error.isNotFound ? undefined : refusalOf(action.step, error);
      if (refusal === undefined) throw error;
      return { kind: 'Refused', refusal };
    }
    // It is gone, or another has its name by now.
    if (!error.isNotFound && !error.isConflict) throw error;
    return undefined;
  }
}

async function setFinalizers(
  context: ApplyContext,
  finalizers: readonly string[],
  resourceVersion: string,
): Promise<KubeObject | undefined> {
  const { transport, namespace, name, signal } = context;
  const body = { metadata: { resourceVersion, finalizers } };
  const path = resourcePath(resources.deidjobs, { namespace, name });
  const answer = await transport.call(path, { method: 'PATCH', body, signal });
  return isKubeObject(answer) ? answer : undefined;
}

export async function applyActions(context: ApplyContext, actions: readonly Action[]): Promise<Applied> {
  let job: KubeObject | undefined;
  const made: Step[] = [];
  for (const action of actions) {
    switch (action.kind) {
      case 'SetFinalizers': {
        const version = job?.metadata.resourceVersion ?? context.resourceVersion;
        job = await setFinalizers(context, action.finalizers, version);
        break;
      }
      case 'CreateConfigMap':
      case 'CreateJob': {
        const stop = await create(context, action);
        if (stop !== undefined) return stop;
        if (action.kind === 'CreateJob') made.push(action.step);
        break;
      }
      case 'PatchJob':
      case 'DeleteJob': {
        const stop = await change(context, action);
        if (stop !== undefined) return stop;
        break;
      }
      default:
        action satisfies never;
    }
  }
  return { kind: 'Done', job, made };
}
