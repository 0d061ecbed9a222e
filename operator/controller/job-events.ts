/** Events that a change of a job's status is told by. Their sentences are those of the conditions. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';

export interface JobEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** At most 1,024 characters, as the API takes them. */
  readonly note: string;
}

const longestNote = 1024;

/** Of a job that is gone though its uploads could not be aborted. */
export const uploadsLeft: JobEvent = {
  type: 'Warning',
  reason: 'UploadsLeft',
  note: 'Unfinished uploads of the deleted job may be left in its buckets; a lifecycle rule of the bucket that aborts incomplete uploads removes them.',
};

type Condition = NonNullable<DeidJobStatus['conditions']>[number];

function conditionOf({ conditions = [] }: DeidJobStatus, type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** A change of status or reason of a condition, in the status in which it is worth an event. */
function turned(before: DeidJobStatus, after: DeidJobStatus, type: string): Condition | undefined {
  const [was, is] = [conditionOf(before, type), conditionOf(after, type)];
  return is === undefined || (was?.status === is.status && was.reason === is.reason) ? undefined : is;
}

/** What a person should hear of, most important first. */
export function jobEvents(before: DeidJobStatus, after: DeidJobStatus): readonly JobEvent[] {
  const failed = turned(before, after, 'Failed');
  const stalled = turned(before, after, 'Stalled');
  const complete = turned(before, after, 'Complete');
  const suspended = turned(before, after, 'Suspended');
  const events: JobEvent[] = [];
  const tell = (type: JobEvent['type'], { reason, message }: Condition) =>
    events.push({ type, reason, note: message.slice(0, longestNote) });
  if (failed?.status === 'True') tell('Warning', failed);
  else if (stalled?.status === 'True') tell('Warning', stalled);
  if (complete !== undefined && complete.reason !== 'Failed') tell('Normal', complete);
  if (suspended?.status === 'True') tell('Normal', suspended);
  if ((before.attempt ?? 0) < (after.attempt ?? 0)) {
    events.push({
      type: 'Normal',
      reason: 'Retrying',
      note: 'Another attempt begins over what the last one left behind.',
    });
  }
  return events;
}
