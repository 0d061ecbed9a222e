/** One watch of the fake server: what happened since a revision, then what happens, then its end. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../operator/kube/clock.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { Refusal } from './refusal.ts';
import type { Selector } from './selectors.ts';
import type { Storage, StorageEvent } from './storage.ts';

export interface WatchRequest {
  readonly kind: Kind;
  readonly selects: Selector;
  /** Undefined where the watch begins with all objects that there are. */
  readonly since: number | undefined;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

export interface WatchSurroundings {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly bookmarkIntervalMs: number;
  /** How often each event is sent. */
  readonly copies: () => number;
}

/** What an event is to those who watch a selection; undefined where it is nothing. */
function selected(
  { type, object, before }: StorageEvent,
  selects: Selector,
): readonly [string, KubeObject] | undefined {
  const is = type !== 'DELETED' && selects(object);
  const was = before !== undefined && selects(before);
  if (is) return [was ? 'MODIFIED' : 'ADDED', object];
  return was ? ['DELETED', object] : undefined;
}

/** Answers a watch; it ends when its time is over or the client leaves. */
export function serveWatch(
  response: ServerResponse,
  request: WatchRequest,
  surroundings: WatchSurroundings,
): void {
  const { storage, clock, bookmarkIntervalMs, copies } = surroundings;
  const { kind, selects, since, bookmarks, timeoutMs } = request;
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`);
  const sendEvent = (event: StorageEvent) => {
    const news = event.kind === kind ? selected(event, selects) : undefined;
    if (news !== undefined) for (let copy = copies(); copy > 0; copy -= 1) send(...news);
  };
  const sendBookmark = () => {
    const metadata = { resourceVersion: String(storage.revision), creationTimestamp: null };
    if (bookmarks) send('BOOKMARK', { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata });
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const missed = since === undefined ? [] : storage.since(kind, since);
  if (missed === undefined) {
    send('ERROR', new Refusal(410, 'Expired', `too old resource version: ${since}`).status);
    response.end();
    return;
  }
  if (since === undefined) for (const object of storage.all(kind).filter(selects)) send('ADDED', object);
  for (const event of missed) sendEvent(event);
  const stopListening = storage.listen(sendEvent);
  let cancelBookmark = () => {};
  const nextBookmark = () => {
    cancelBookmark = clock.after(bookmarkIntervalMs, () => {
      sendBookmark();
      nextBookmark();
    });
  };
  nextBookmark();
  const cancelEnd = clock.after(timeoutMs, () => {
    sendBookmark();
    response.end();
  });
  response.once('close', () => {
    stopListening();
    cancelBookmark();
    cancelEnd();
  });
}
