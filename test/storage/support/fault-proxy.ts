/** An HTTP proxy on loopback that stands between a client and a server and does to requests what networks do. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * - `reset`: the connection breaks before the server hears of the request.
 * - `stall`: the server never hears of it, and nobody answers.
 * - `slowDown`: 503 SlowDown with Retry-After.
 * - `cutBody`: half of the answer's body arrives, then the connection breaks.
 * - `corruptAnswer`, `corruptRequest`: one byte of the body is another.
 * - `lostAnswer`: the server acts, and the connection breaks before it can say so.
 */
export const faults = [
  'reset',
  'stall',
  'slowDown',
  'cutBody',
  'corruptAnswer',
  'corruptRequest',
  'lostAnswer',
] as const;
export type Fault = (typeof faults)[number];

/** A request as the proxy sees it before it is passed on. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly bodyBytes: number;
}

export interface FaultProxy {
  readonly endpoint: string;
  /** How often each fault was done. */
  readonly done: ReadonlyMap<Fault, number>;
  /** Decides what happens to each request from now on. */
  decide(decision: (seen: SeenRequest) => Fault | undefined): void;
  stop(): Promise<void>;
}

export const retryAfterSeconds = 3;

/** Starts a proxy before `target`; it does no harm until it is told to. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const done = new Map<Fault, number>();
  let decision: (seen: SeenRequest) => Fault | undefined = () => undefined;

  const handle = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const fault = decision({ method, url, bodyBytes: Number(headers['content-length'] ?? 0) });
    if (fault !== undefined) done.set(fault, (done.get(fault) ?? 0) + 1);
    if (fault === 'reset') return void incoming.socket.destroy();
    if (fault === 'stall') return void incoming.resume();
    if (fault === 'slowDown') {
      await buffer(incoming);
      answer.writeHead(503, { 'retry-after': `${retryAfterSeconds}`, 'content-type': 'application/xml' });
      return void answer.end('<Error><Code>SlowDown</Code><Message>slower</Message></Error>');
    }
    const forwarded = request({ hostname, port, method, path: url, headers });
    if (fault === 'corruptRequest') forwarded.end(corrupted(await buffer(incoming)));
    else incoming.pipe(forwarded);
    const [heard] = (await once(forwarded, 'response')) as [IncomingMessage];
    if (fault === undefined || fault === 'corruptRequest') {
      answer.writeHead(heard.statusCode ?? 500, heard.headers);
      return void heard.pipe(answer);
    }
    const said = await buffer(heard);
    if (fault === 'lostAnswer') return void incoming.socket.destroy();
    answer.writeHead(heard.statusCode ?? 500, heard.headers);
    if (fault === 'cutBody') {
      answer.write(said.subarray(0, said.length >> 1), () => incoming.socket.destroy());
      return;
    }
    answer.end(corrupted(said));
  };
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => incoming.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    done,
    decide: (next) => {
      decision = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length >> 1;
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
