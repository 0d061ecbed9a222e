import { startFakeApiServer } from '../fake-api-server/fake-api-server.ts';
import { things } from './api-server-under-test.ts';
import { kubeConformance } from './conformance.ts';

kubeConformance('the fake API server', async () => {
  const server = await startFakeApiServer({ kinds: [things], bookmarkIntervalMs: 100 });
  return {
    access: server.access(),
    forget: async () => server.breakWatches({ gap: true }),
    stop: () => server.stop(),
  };
});
