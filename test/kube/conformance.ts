/** The one suite that every API server passes: the fake one, so that tests may trust it, and the real one. */
import { after, before, describe } from 'node:test';
import type { Transport } from '../../operator/kube/transport.ts';
import { apiConformance } from './api-conformance.ts';
import { type ApiServerUnderTest, testTransport } from './api-server-under-test.ts';
import { electionConformance } from './election-conformance.ts';
import { eventsConformance } from './events-conformance.ts';
import { type EndPods, jobConformance } from './job-conformance.ts';
import { reflectorConformance } from './reflector-conformance.ts';

export function kubeConformance(
  name: string,
  start: () => Promise<ApiServerUnderTest>,
  endPods: EndPods,
  skip: string | false = false,
): void {
  describe(name, { skip }, () => {
    let server: ApiServerUnderTest;
    let transport: Transport;
    before(async () => {
      server = await start();
      transport = testTransport(server.access);
    });
    after(async () => {
      await transport.close();
      await server.stop();
    });
    apiConformance(
      () => server,
      () => transport,
    );
    reflectorConformance(
      () => server,
      () => transport,
    );
    electionConformance(() => transport);
    eventsConformance(() => transport);
    jobConformance(() => transport, endPods);
  });
}
