/** All that the benchmark of the control plane needs running: a real control plane, pretended nodes, the operator, watches. */
import { definitionFiles } from '../../../crds/definition-yaml.ts';
import { resources } from '../../../operator/controller/caches.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { tokenAccess } from '../../../operator/kube/cluster-access.ts';
import type { Change } from '../../../operator/kube/object-store.ts';
import { Reflector } from '../../../operator/kube/reflector.ts';
import { createTransport, type Transport } from '../../../operator/kube/transport.ts';
import { type ControlPlane, startControlPlane } from '../../../test/cluster/control-plane.ts';
import { kubectlOf } from '../../../test/cluster/kubectl.ts';
import { operatorToken } from '../../../test/cluster/operator-account.ts';
import { namespace, wordsOf } from './bench-job.ts';
import { Lives } from './lives.ts';
import { type OperatorProcess, startOperator } from './operator-process.ts';
import { serveCounters, startNodes } from './pretended-nodes.ts';
import { kwokConfiguration, type RunTimes } from './stages.ts';

export interface WorldOptions {
  /** Shards of every job. */
  readonly shards: number;
  readonly runTimes: RunTimes;
  /** A folder for the operator's CPU profile. */
  readonly profiles?: string | undefined;
}

export interface World {
  /** As the administrator. */
  readonly transport: Transport;
  readonly operator: OperatorProcess;
  readonly lives: Lives;
  stop(): Promise<void>;
}

const leaseName = 'deid-operator';
const workerServiceAccount = 'deid-worker';

export async function startWorld(options: WorldOptions): Promise<World> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    return { ...(await start(options, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { shards, runTimes, profiles }: WorldOptions,
  ends: (() => Promise<void>)[],
): Promise<Omit<World, 'stop'>> {
  const plane = await startControlPlane({ controllers: true });
  ends.push(plane.stop);
  const kubectl = kubectlOf(plane.kubeConfigFile);
  for (const [name] of definitionFiles()) {
    await kubectl('apply', '-f', new URL(`../../../crds/${name}`, import.meta.url).pathname);
  }
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
  await kubectl('create', 'namespace', namespace);
  await kubectl('create', 'serviceaccount', workerServiceAccount, '-n', namespace);
  const kwok = await startNodes(plane, kubectl, kwokConfiguration(wordsOf(shards), runTimes));
  ends.push(kwok.stop);
  const counters = await serveCounters();
  ends.push(counters.stop);
  const operator = await startOperator({
    ...{ plane, namespace, leaseName, workerServiceAccount, profiles, progressPort: counters.port },
    token: await operatorToken(kubectl, namespace, leaseName),
  });
  ends.push(operator.program.stop);
  const transport = adminTransport(plane);
  ends.push(transport.close);
  const lives = new Lives();
  const watching = [
    watch(transport, 'deidjobs', (change) => lives.sawJob(change, performance.now())),
    watch(transport, 'jobs', (change) => lives.sawChild(change, performance.now())),
  ];
  for (const reflector of watching) ends.push(() => reflector.stop());
  await Promise.all(watching.map(({ whenSynced }) => whenSynced));
  return { transport, operator, lives };
}

function adminTransport({ server, adminToken, certificateAuthority: ca }: ControlPlane): Transport {
  const access = tokenAccess(server, adminToken, { ca });
  return createTransport({ access, clock: systemClock, random: Math.random, userAgent: 'deid-bench' });
}

function watch(
  transport: Transport,
  kind: 'deidjobs' | 'jobs',
  onChange: (change: Change) => void,
): Reflector {
  const reflector = new Reflector({
    ...{ transport, clock: systemClock, random: Math.random, resource: resources[kind], namespace, onChange },
    onHandlerError: (error) => {
      throw error;
    },
  });
  reflector.start();
  return reflector;
}
