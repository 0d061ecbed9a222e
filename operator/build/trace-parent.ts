/** The trace of a job (W3C Trace Context): it follows from the job's UID, so that operator and pods agree without a word. */
import { createHash } from 'node:crypto';

export interface JobTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Span of the job as a whole, below which all others stand: 16 hexadecimal digits. */
  readonly spanId: string;
}

export function jobTrace(uid: string): JobTrace {
  const digits = createHash('sha256').update(`trace ${uid}`).digest('hex');
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32, 48) };
}

/** The value of the header `traceparent` of version 00, sampled. */
export function traceParent(uid: string): string {
  const { traceId, spanId } = jobTrace(uid);
  return `00-${traceId}-${spanId}-01`;
}
