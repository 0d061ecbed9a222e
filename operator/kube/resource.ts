/** Kinds of objects and where they lie in the API: the paths of calls, and what a path is about. */

/** A kind of object as paths name it. */
export interface Resource {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Lower-case plural, such as `jobs`. */
  readonly plural: string;
}

/** Which objects of a resource. Without a name: all, of the namespace or of the whole cluster. */
export interface ResourceTarget {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Such as `status`. */
  readonly subresource?: string | undefined;
}

/** Path of a resource's objects below the address of the API server. */
export function resourcePath(resource: Resource, target: ResourceTarget = {}): string {
  const { group, version, plural } = resource;
  const { namespace, name, subresource } = target;
  const parts = [
    ...(group === '' ? ['api', version] : ['apis', group, version]),
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a request is about, without any name: fit for the labels of a metric. */
export interface RequestInfo {
  readonly verb: Verb;
  /** Plural and subresource (`jobs/status`); empty where the path names no resource. */
  readonly resource: string;
}

/** Subresources of namespaces, which look like resources within one. */
const namespaceSubresources = new Set(['status', 'finalize']);

export function requestInfo(method: string, path: string, isWatch: boolean): RequestInfo {
  const [root, ...segments] = path.split('/').filter((segment) => segment !== '');
  const isResource = root === 'api' || root === 'apis';
  let rest = isResource ? segments.slice(root === 'api' ? 1 : 2) : [];
  if (rest[0] === 'namespaces' && rest[2] !== undefined && !namespaceSubresources.has(rest[2]))
    rest = rest.slice(2);
  const [plural = '', name, ...subresource] = rest;
  const verb = verbOf(method, name !== undefined || !isResource, isWatch);
  return { verb, resource: [plural, ...subresource.slice(0, 1)].join('/') };
}

function verbOf(method: string, isNamed: boolean, isWatch: boolean): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      return isWatch ? 'watch' : isNamed ? 'get' : 'list';
  }
}
