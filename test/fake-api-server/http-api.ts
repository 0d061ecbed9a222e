/** The API over HTTP: from a request to the verb on an object, and back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { objectKey } from '../../operator/kube/object.ts';
import { type RequestInfo, requestInfo } from '../../operator/kube/resource.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { type Fields, fields } from './merge-patch.ts';
import type { Objects, Target, Writer } from './objects.ts';
import { Refusal } from './refusal.ts';
import { fieldSelector, labelSelector, type Selector } from './selectors.ts';
import type { Storage } from './storage.ts';
import type { WatchRequest } from './watch-stream.ts';

/** A request that names something the server knows. */
export interface ApiRequest {
  readonly info: RequestInfo;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** What is to be answered. */
export type Answer =
  | { readonly kind: 'object'; readonly code: number; readonly body: unknown }
  | { readonly kind: 'watch'; readonly watch: WatchRequest };

/** Undefined where the path names nothing that is served. */
export function apiRequest(request: IncomingMessage, kinds: readonly Kind[]): ApiRequest | undefined {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://fake');
  const [root, ...segments] = pathname.split('/').slice(1).map(decodeURIComponent);
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : segments.shift();
  const version = segments.shift();
  const inNamespace = segments[0] === 'namespaces' && segments.length > 2;
  const namespace = inNamespace ? segments[1] : undefined;
  const [plural, name, subresource, ...more] = inNamespace ? segments.slice(2) : segments;
  const kind = kinds.find(
    (known) => known.group === group && known.version === version && known.plural === plural,
  );
  if (kind === undefined || more.length > 0 || (namespace !== undefined && !kind.namespaced))
    return undefined;
  if (name !== undefined && kind.namespaced && namespace === undefined) return undefined;
  if (subresource !== undefined && !(subresource === 'status' && kind.hasStatus)) return undefined;
  const watching = query.get('watch');
  const info = requestInfo(request.method ?? '', pathname, watching === 'true' || watching === '1');
  return { info, path: pathname, query, kind, namespace, name, subresource };
}

/** Does what is asked. Throws {@link Refusal}. */
export async function answer(
  request: ApiRequest,
  incoming: IncomingMessage,
  storage: Storage,
  objects: Objects,
): Promise<Answer> {
  const { info, kind, namespace, query } = request;
  const body =
    info.verb === 'get' || info.verb === 'list' || info.verb === 'watch' ? {} : await jsonBody(incoming);
  const writer: Writer = { manager: managerOf(request, incoming), force: query.get('force') === 'true' };
  switch (info.verb) {
    case 'get':
      return found(objects.get(target(request)));
    case 'list':
      return found(page(request, storage));
    case 'watch':
      return { kind: 'watch', watch: watchRequest(request, storage) };
    case 'create':
      return { kind: 'object', code: 201, body: objects.create(kind, namespace, body, writer) };
    case 'update':
      return found(objects.replace(target(request), body, writer));
    case 'patch':
      return found(patched(request, incoming, body, objects, writer));
    case 'delete':
      return found(objects.delete(target(request), fields(body)));
    case 'deletecollection':
      for (const { metadata } of storage.all(kind).filter(selectorOf(request)))
        objects.delete(
          { kind, namespace: metadata.namespace, name: metadata.name, subresource: undefined },
          fields(body),
        );
      return found({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
    default:
      return info.verb satisfies never;
  }
}

function found(body: unknown): Answer {
  return { kind: 'object', code: 200, body };
}

function target({ kind, namespace, name = '', subresource }: ApiRequest): Target {
  return { kind, namespace, name, subresource };
}

function managerOf({ query }: ApiRequest, { headers }: IncomingMessage): string {
  return query.get('fieldManager') ?? headers['user-agent']?.split('/')[0] ?? 'unknown';
}

function patched(
  request: ApiRequest,
  { headers }: IncomingMessage,
  body: unknown,
  objects: Objects,
  writer: Writer,
) {
  switch (headers['content-type']) {
    case 'application/merge-patch+json':
      return objects.mergePatch(target(request), body, writer);
    case 'application/apply-patch+yaml':
      if (!request.query.has('fieldManager')) throw new Refusal(422, 'Invalid', 'fieldManager is required');
      return objects.apply(target(request), body, writer);
    default:
      throw new Refusal(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
  }
}

function selectorOf({ namespace, query }: ApiRequest): Selector {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(query.get('fieldSelector') ?? '');
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    byLabel(object) &&
    byField(object);
}

/** Where a list goes on: from a key on, as of a version; written as real servers write it. */
interface Position {
  readonly v: 'meta.k8s.io/v1';
  readonly rv: number;
  readonly start: string;
}

/** One page. Unlike a real server's, later pages show the state of now, under the version of the first. */
function page(request: ApiRequest, storage: Storage): Fields {
  const { kind, query } = request;
  const token = query.get('continue') ?? '';
  const position: Position =
    token === ''
      ? { v: 'meta.k8s.io/v1', rv: storage.revision, start: '' }
      : JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  if (!storage.isKnown(position.rv))
    throw new Refusal(410, 'Expired', 'The provided continue parameter is too old');
  const left = storage
    .all(kind)
    .filter(selectorOf(request))
    .filter((object) => objectKey(object) >= position.start);
  const limit = Number(query.get('limit') ?? 0) || left.length;
  const items = left.slice(0, limit);
  const next = left[limit];
  const start = next === undefined ? undefined : objectKey(next);
  const more =
    start === undefined
      ? {}
      : { continue: Buffer.from(JSON.stringify({ ...position, start })).toString('base64url') };
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(position.rv), ...more },
    // Items of lists bear neither kind nor version.
    items: items.map(({ kind: _, apiVersion: __, ...rest }) => rest),
  };
}

function watchRequest(request: ApiRequest, storage: Storage): WatchRequest {
  const { kind, query } = request;
  const version = query.get('resourceVersion') ?? '';
  const since = version === '' || version === '0' ? undefined : Number(version);
  if (Number.isNaN(since)) throw new Refusal(400, 'BadRequest', 'invalid resource version');
  if (since !== undefined && since > storage.revision) {
    const cause = { field: '', reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
    throw new Refusal(504, 'Timeout', 'Too large resource version', {
      causes: [cause],
      retryAfterSeconds: 1,
    });
  }
  const seconds = Number(query.get('timeoutSeconds') ?? 1800);
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  return { kind, selects: selectorOf(request), since, bookmarks, timeoutMs: seconds * 1000 };
}

async function jsonBody(incoming: IncomingMessage): Promise<unknown> {
  const text = (await buffer(incoming)).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BadRequest', 'the body is no JSON');
  }
}

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { retryAfterSeconds } = refusal;
  const headers: Readonly<Record<string, string>> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  sendJson(response, refusal.code, refusal.status, headers);
}
