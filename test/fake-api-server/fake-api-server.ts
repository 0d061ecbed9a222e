/**
 * An API server within the test's process, on loopback: the verbs, paging, watches, the status subresource, merge patches,
 * a simple server-side apply, conflicts, garbage collection, tokens, and faults on demand. It validates no schema and knows no
 * defaults; what it does, it does as a real one (the conformance suite runs against both).
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../../operator/kube/clock.ts';
import { type ClusterAccess, tokenAccess } from '../../operator/kube/cluster-access.ts';
import type { Fault, FaultDecision, SeenRequest } from './faults.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { answer, apiRequest, sendJson, sendRefusal } from './http-api.ts';
import { builtinKinds, type Kind } from './kinds.ts';
import { Objects } from './objects.ts';
import { Refusal } from './refusal.ts';
import { Storage } from './storage.ts';
import { serveWatch } from './watch-stream.ts';

export interface FakeApiServerOptions {
  /** Kinds beside the built-in ones. */
  readonly kinds?: readonly Kind[];
  readonly clock?: Clock;
  /** Between the bookmarks of a watch; a minute where there is none. */
  readonly bookmarkIntervalMs?: number;
  /** Milliseconds that a `slow` answer takes. */
  readonly slowMs?: number;
}

export interface FakeApiServer {
  /** Access as the administrator, or as a user that {@link allow} was told of. */
  access(user?: string): ClusterAccess;
  /** The objects and the verbs on them, without HTTP and faults. */
  readonly storage: Storage;
  readonly objects: Objects;
  /** Every request that was seen, in order, with the fault that it met. */
  readonly requests: readonly (SeenRequest & { readonly fault: Fault | undefined })[];
  /** Decides from now on which requests meet a fault; by default none does. */
  decide(decision: FaultDecision): void;
  /** From now on the user may do what `may` says; who is refused gets 403. */
  allow(user: string, may: (request: SeenRequest) => boolean): void;
  /** From now on each event is sent so many times. */
  sendEventsTimes(copies: number): void;
  /** Resets the connections of all watches that are open; with `gap`, what they miss is forgotten too, so that they are gone. */
  breakWatches(options?: { readonly gap?: boolean }): void;
  readonly openWatches: number;
  stop(): Promise<void>;
}

export const administrator = 'admin';

export async function startFakeApiServer(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
  const { clock = systemClock, bookmarkIntervalMs = 60_000, slowMs = 200 } = options;
  const kinds = [...builtinKinds, ...(options.kinds ?? [])];
  const storage = new Storage();
  const objects = new Objects(storage, () => clock.now());
  const stopCollecting = startGarbageCollector(storage, objects);
  const users = new Map<string, (request: SeenRequest) => boolean>([[administrator, () => true]]);
  const requests: (SeenRequest & { readonly fault: Fault | undefined })[] = [];
  const watches = new Set<Socket>();
  let decision: FaultDecision = () => undefined;
  let copies = 1;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = apiRequest(incoming, kinds);
    const user = /^Bearer token of (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? '';
    const may = users.get(user);
    if (may === undefined) throw new Refusal(401, 'Unauthorized', 'Unauthorized');
    if (request === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
      return;
    }
    const { info, path, namespace, name } = request;
    const seen: SeenRequest = { ...info, path, namespace, name, user };
    const fault = decision(seen);
    requests.push({ ...seen, fault });
    if (!may(seen))
      throw new Refusal(403, 'Forbidden', `User "${user}" cannot ${info.verb} resource "${info.resource}"`);
    if (fault !== undefined && meet(fault, response)) return;
    const result = await answer(request, incoming, storage, objects);
    if (fault === 'lostAnswer') return void incoming.socket.resetAndDestroy();
    if (fault === 'slow') await new Promise<void>((resolve) => clock.after(slowMs, resolve));
    if (result.kind === 'object') return sendJson(response, result.code, result.body);
    watches.add(incoming.socket);
    response.once('close', () => watches.delete(incoming.socket));
    serveWatch(response, result.watch, { storage, clock, bookmarkIntervalMs, copies: () => copies });
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (error instanceof Refusal) sendRefusal(response, error);
      else sendRefusal(response, new Refusal(500, 'InternalError', String(error)));
    });
  }).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 60_000;
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    access: (user = administrator) => tokenAccess(`http://127.0.0.1:${port}`, `token of ${user}`),
    storage,
    objects,
    requests,
    decide: (next) => {
      decision = next;
    },
    allow: (user, may) => {
      users.set(user, may);
    },
    sendEventsTimes: (count) => {
      copies = count;
    },
    breakWatches: ({ gap = false } = {}) => {
      for (const socket of watches) socket.resetAndDestroy();
      if (gap) storage.compact();
    },
    get openWatches() {
      return watches.size;
    },
    stop: async () => {
      stopCollecting();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Whether the fault is all that the request gets. */
function meet(fault: Fault, response: ServerResponse): boolean {
  switch (fault) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return true;
    case 'conflict':
      sendRefusal(response, new Refusal(409, 'Conflict', 'the object has been modified'));
      return true;
    case 'tooManyRequests':
      sendRefusal(
        response,
        new Refusal(429, 'TooManyRequests', 'too many requests', { retryAfterSeconds: 1 }),
      );
      return true;
    case 'internalError':
      sendRefusal(response, new Refusal(500, 'InternalError', 'an error on the server'));
      return true;
    case 'unavailable':
      sendRefusal(
        response,
        new Refusal(503, 'ServiceUnavailable', 'the server is unable to handle the request'),
      );
      return true;
    case 'proxyPage':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return true;
    case 'lostAnswer':
    case 'slow':
      return false;
    default:
      return fault satisfies never;
  }
}
