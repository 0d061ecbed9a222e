/**
 * Serves the counters of a step over HTTP, for whoever reports progress. `GET /progress` is all there is; a request has
 * no influence on anything, and none can make the process wait, grow or fall.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Counters } from '../../crds/records/counters.ts';
import type { Log } from '../log/log.ts';
import { systemCodeOf } from '../storage/storage-error.ts';

export interface ProgressServer {
  /** The port that is listened on; undefined where none could be had. */
  readonly port: number | undefined;
  /** Ends connections and the server; resolves once nothing listens any more. */
  close(): Promise<void>;
}

/** Bytes of the longest head of a request. */
const maxHeaderSize = 8 * 1024;
/** Connections at a time; further ones are closed at once. */
const maxConnections = 16;
/** Milliseconds that a request may take to come, and a connection to rest. */
const requestMs = 5000;

function answer(request: IncomingMessage, response: ServerResponse, counters: () => Counters): void {
  const refuse = (status: number, headers: Readonly<Record<string, string>> = {}): void => {
    // A body that was announced is not waited for.
    response.writeHead(status, { ...headers, connection: 'close', 'content-length': '0' });
    response.end(() => request.destroy());
  };
  const [path] = (request.url ?? '').split('?');
  if (path !== '/progress') return refuse(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { allow: 'GET, HEAD' });
  if (
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0
  )
    return refuse(413);
  const text = JSON.stringify(counters());
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Listens on the port of all addresses, 0 for any free one. Where it cannot be had, the step goes on without. */
export async function serveProgress(
  port: number,
  counters: () => Counters,
  log: Log,
): Promise<ProgressServer> {
  const server = createServer(
    {
      maxHeaderSize,
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      keepAliveTimeout: requestMs,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => answer(request, response, counters),
  );
  server.maxConnections = maxConnections;
  server.on('clientError', (_, socket) => socket.destroy());
  server.unref();
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', (error) => {
      log.warn('progress is not served', { reason: systemCodeOf(error) ?? 'unknown' });
      resolve(false);
    });
    server.listen(port, () => resolve(true));
  });
  server.on('error', () => {});
  const address = server.address();
  return {
    port: typeof address === 'object' ? address?.port : undefined,
    close: async () => {
      if (!listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
