/** What a pod's process and its workers, which take single objects, say to each other. */
import type { ObjectRecord } from './object-record.ts';
import type { PlanItem } from './plan-item.ts';
import type { FromWorker, WorkerInit } from './worker-messages.ts';

/** An item that is one object. */
export type ObjectItem = Extract<PlanItem, { readonly kind: 'object' }>;

export type ToObjectWorker =
  | { readonly kind: 'init'; readonly init: WorkerInit; readonly shard: number }
  | { readonly kind: 'object'; readonly item: ObjectItem };

export type FromObjectWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'record'; readonly record: ObjectRecord }
  | Extract<FromWorker, { readonly kind: 'stopped' }>;
