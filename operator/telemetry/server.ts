/** Serves `/healthz`, `/readyz` and `/metrics`. */
import { createServer, type Server } from 'node:http';

export interface Probes {
  /** Why the process should be ended and started anew; undefined while it is well. */
  readonly illness: () => string | undefined;
  /** Why the process cannot do its work yet, or any more; undefined while it can. */
  readonly unreadiness: () => string | undefined;
  readonly metrics: () => Promise<string>;
}

/** Listens on the port of all addresses, 0 for any. */
export async function serveProbes(port: number, probes: Probes): Promise<Server> {
  const routes: Readonly<Record<string, () => Promise<readonly [number, string]>>> = {
    '/healthz': async () => verdict(probes.illness()),
    '/readyz': async () => verdict(probes.unreadiness()),
    '/metrics': async () => [200, await probes.metrics()],
  };
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(route === undefined ? 404 : 405).end();
      return;
    }
    route().then(
      ([code, text]) => {
        response.writeHead(code, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
      },
      () => response.writeHead(500).end(),
    );
  });
  server.requestTimeout = 5000;
  server.headersTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}

function verdict(trouble: string | undefined): readonly [number, string] {
  return trouble === undefined ? [200, 'ok\n'] : [503, `${trouble}\n`];
}
