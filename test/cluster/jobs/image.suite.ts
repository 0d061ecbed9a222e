/** The image of the project's Dockerfile, in pods that may do nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace } from './support/workplace.ts';

/** A pod as restricted as those of workers, which runs the image's own entry point. */
function pod(namespace: string, name: string, change: Readonly<Record<string, unknown>>) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'program',
          image: testCluster().image,
          imagePullPolicy: 'Never',
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          ...change,
        },
      ],
    },
  };
}

/** What the pod printed before it succeeded. */
async function outputOf(namespace: string, name: string): Promise<string> {
  const { kubectl } = testCluster();
  const phase = '--for=jsonpath={.status.phase}=Succeeded';
  await kubectl('wait', phase, `pod/${name}`, '-n', namespace, '--timeout=300s');
  return await kubectl('logs', name, '-n', namespace);
}

export function imageSuite(): void {
  test('the program runs as an ordinary user with a read-only root in a restricted namespace', async () => {
    const { namespace } = await makeWorkplace('image');
    await testCluster().kubectl.apply(pod(namespace, 'version', { args: ['--version'] }));
    assert.match(await outputOf(namespace, 'version'), /^\d+\.\d+\.\d+\n$/);
  });

  test('a pod reaches the S3 server of the tests', async () => {
    const { namespace } = await makeWorkplace('network');
    const script = 'process.stdout.write(String((await fetch(process.argv[1])).status))';
    const command = ['node', '--input-type=module', '--eval', script, testCluster().s3Endpoint];
    await testCluster().kubectl.apply(pod(namespace, 'fetch', { command }));
    assert.equal(await outputOf(namespace, 'fetch'), '403');
  });
}
