import { type FakeApiServer, startFakeApiServer } from '../fake-api-server/fake-api-server.ts';
import { startJobController } from '../fake-api-server/job-controller.ts';
import { things } from './api-server-under-test.ts';
import { kubeConformance } from './conformance.ts';

let server: FakeApiServer;

kubeConformance(
  'the fake API server',
  async () => {
    server = await startFakeApiServer({ kinds: [things], bookmarkIntervalMs: 100 });
    return {
      access: server.access(),
      forget: async () => server.breakWatches({ gap: true }),
      stop: () => server.stop(),
    };
  },
  async (_namespace, ends) => {
    const before = new Map<string, number>();
    const controller = startJobController(server, ({ job, index = 0 }) => {
      const { name } = job.metadata;
      const failures = before.get(`${name} ${index}`) ?? 0;
      before.set(`${name} ${index}`, failures + 1);
      return ends.get(name)?.(index, failures);
    });
    return async () => controller.stop();
  },
);
