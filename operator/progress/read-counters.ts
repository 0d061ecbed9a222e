/** Asks a pod for its counters. Whatever it answers, the asking is short, bounded, and never fails a job. */
import { request } from 'node:http';
import { type Counters, validateCounters } from '../../crds/records/counters.ts';

/** Milliseconds that a pod has to answer. */
const timeoutMs = 2000;
/** Counters are some hundred bytes. */
const longestAnswer = 4096;

/** The counters that the pod at that address serves; undefined where none come that are valid. */
export function readCounters(address: string, port: number): Promise<Counters | undefined> {
  return new Promise((resolve) => {
    const options = {
      host: address,
      port,
      path: '/progress',
      agent: false,
      headers: { accept: 'application/json' },
    };
    const call = request(options, (response) => {
      if (response.statusCode !== 200) {
        call.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > longestAnswer) call.destroy();
      });
      response.once('end', () => resolve(countersOf(Buffer.concat(chunks))));
    });
    const deadline = setTimeout(() => call.destroy(), timeoutMs);
    call.once('error', () => {});
    call.once('close', () => {
      clearTimeout(deadline);
      resolve(undefined);
    });
    call.end();
  });
}

function countersOf(body: Buffer): Counters | undefined {
  try {
    const read = validateCounters(JSON.parse(body.toString('utf8')));
    return read.ok ? read.document : undefined;
  } catch {
    return undefined;
  }
}
