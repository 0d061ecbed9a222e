import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsFromEnvironment } from './settings-from-environment.ts';

const least = { POD_NAME: 'deid-operator-0', POD_NAMESPACE: 'deid-system', DEID_IMAGE: 'deid-operator:1' };

test('three variables are enough', () => {
  assert.deepEqual(settingsFromEnvironment({ ...least, PATH: '/bin', DEID_PORT: '' }), {
    ok: true,
    document: {
      podName: 'deid-operator-0',
      podNamespace: 'deid-system',
      namespaces: [],
      leaseName: 'deid-operator',
      port: 8080,
      logLevel: 'info',
      children: {
        image: 'deid-operator:1',
        imagePullPolicy: 'IfNotPresent',
        imagePullSecrets: [],
        workerServiceAccount: 'deid-worker',
        allowedServiceAccounts: undefined,
        allowedKeySecrets: undefined,
        childTtlSeconds: 3600,
        progressPort: 9464,
        workerEnvironment: {},
      },
    },
  });
});

test('a variable that is missing or wrong is named, and its value is not', () => {
  const wrong = {
    POD_NAME: 'one',
    DEID_IMAGE: 'deid-operator:1',
    DEID_CHILD_TTL_SECONDS: '0',
    DEID_PORT: 'GRUENSPECHT',
    DEID_LOG_LEVEL: 'loud',
    DEID_WATCH_NAMESPACES: 'GRUENSPECHT,other',
    DEID_WORKER_ENVIRONMENT: '{"A":1}',
  };
  const read = settingsFromEnvironment(wrong);
  assert.ok(!read.ok);
  assert.deepEqual(read.problems.map(({ path }) => path).sort(), [
    'DEID_CHILD_TTL_SECONDS',
    'DEID_LOG_LEVEL',
    'DEID_PORT',
    'DEID_WATCH_NAMESPACES',
    'DEID_WORKER_ENVIRONMENT.A',
    'POD_NAMESPACE',
  ]);
  assert.doesNotMatch(JSON.stringify(read.problems), /GRUENSPECHT/);
});
