/** kubectl, as the administrator of a cluster. */
import { execFile } from 'node:child_process';
import { toolProgram } from '../../scripts/tools/build.ts';

export type Manifest = Readonly<Record<string, unknown>>;

export interface Kubectl {
  /** Runs kubectl to its end and returns what it printed; fails with what it said on standard error. */
  (...args: string[]): Promise<string>;
  /** Creates or changes objects by server-side apply. */
  apply(...manifests: readonly Manifest[]): Promise<void>;
  /** Posts an object to a path of the API, such as a subresource. */
  create(path: string, manifest: Manifest): Promise<void>;
  /** Reads one object; undefined where there is none. */
  get(kind: string, name: string, namespace?: string): Promise<unknown>;
  /** The objects of a kind in a namespace that carry the labels, such as `a=b,c=d`. */
  list(kind: string, namespace: string, labels?: string): Promise<readonly unknown[]>;
}

/** Runs kubectl with a text as its standard input, like {@link Kubectl}. */
export function runKubectl(kubeConfigFile: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const all = ['--kubeconfig', kubeConfigFile, ...args];
    const options = { maxBuffer: 1 << 28, encoding: 'utf8' } as const;
    const child = execFile(toolProgram('kubernetes', 'kubectl'), all, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`kubectl ${args.slice(0, 4).join(' ')}: ${stderr.trim()}`));
    });
    // It may have ended, or not be interested.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

export function kubectlOf(kubeConfigFile: string): Kubectl {
  const call = (args: readonly string[], input?: string) => runKubectl(kubeConfigFile, args, input);
  const inNamespace = (namespace: string | undefined) => (namespace === undefined ? [] : ['-n', namespace]);
  return Object.assign((...args: string[]) => call(args), {
    apply: async (...manifests: readonly Manifest[]) => {
      const list = { apiVersion: 'v1', kind: 'List', items: manifests };
      await call(['apply', '--server-side', '--force-conflicts', '-f', '-'], JSON.stringify(list));
    },
    create: async (path: string, manifest: Manifest) => {
      await call(['create', '--raw', path, '-f', '-'], JSON.stringify(manifest));
    },
    get: async (kind: string, name: string, namespace?: string) => {
      const text = await call([
        ...['get', kind, name, ...inNamespace(namespace), '-o', 'json', '--ignore-not-found'],
      ]);
      return text === '' ? undefined : JSON.parse(text);
    },
    list: async (kind: string, namespace: string, labels?: string) => {
      const selector = labels === undefined ? [] : ['-l', labels];
      const text = await call(['get', kind, '-n', namespace, ...selector, '-o', 'json']);
      return JSON.parse(text).items;
    },
  });
}
