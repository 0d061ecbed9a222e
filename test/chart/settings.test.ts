/** What the chart puts into the environment of the operator is what the operator reads. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperatorSettings } from '../../operator/settings.ts';
import { settingsFromEnvironment } from '../../operator/settings-from-environment.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { render } from './helm.ts';
import { at, find } from './manifests.ts';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

/** What the downward API puts in. */
const fields: Readonly<Record<string, string>> = {
  'metadata.name': 'deid-operator-1',
  'metadata.namespace': 'deid-system',
};

async function environment(values: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
  const deployment = find(await render(values), 'Deployment');
  const variables = at(deployment, 'spec.template.spec.containers.0.env') as readonly Variable[];
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [
      name,
      value ?? fields[valueFrom?.fieldRef.fieldPath ?? ''] ?? '',
    ]),
  );
}

async function settings(values: Readonly<Record<string, unknown>>): Promise<OperatorSettings> {
  const read = settingsFromEnvironment(await environment(values));
  assert.ok(read.ok, JSON.stringify(read));
  return read.document;
}

describe('settings by the chart', { skip: skipWithout(['helm']) }, () => {
  it('are by default those that the operator has without any', async () => {
    const { POD_NAME, POD_NAMESPACE, DEID_IMAGE } = await environment({});
    const least = settingsFromEnvironment({ POD_NAME, POD_NAMESPACE, DEID_IMAGE });
    assert.ok(least.ok);
    assert.deepEqual(await settings({}), least.document);
  });

  it('are each what the values say', async () => {
    const document = await settings({
      'watch.namespaces': ['ct', 'mr'],
      fullnameOverride: 'deid',
      'image.repository': 'registry.example:5000/deid',
      'image.tag': '7',
      'image.pullPolicy': 'Always',
      'image.pullSecrets': ['registry'],
      'operator.port': 9000,
      'operator.logLevel': 'debug',
      'worker.serviceAccount.name': 'reader',
      'worker.allowedServiceAccounts': ['ct-reader'],
      'worker.allowedKeySecrets': ['deid-key'],
      'worker.childTtlSeconds': 1_000_000,
      'worker.progressPort': 9999,
      'worker.environment': { AWS_REGION: 'eu-central-1', QUOTED: 'a "b" <c> & d' },
      'tracing.endpoint': 'http://collector:4318',
    });
    assert.deepEqual(document, {
      podName: 'deid-operator-1',
      podNamespace: 'deid-system',
      namespaces: ['ct', 'mr'],
      leaseName: 'deid',
      port: 9000,
      logLevel: 'debug',
      children: {
        image: 'registry.example:5000/deid:7',
        imagePullPolicy: 'Always',
        imagePullSecrets: ['registry'],
        workerServiceAccount: 'reader',
        allowedServiceAccounts: ['ct-reader', 'reader'],
        allowedKeySecrets: ['deid-key'],
        childTtlSeconds: 1_000_000,
        progressPort: 9999,
        workerEnvironment: {
          AWS_REGION: 'eu-central-1',
          QUOTED: 'a "b" <c> & d',
          OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
        },
      },
    });
  });
});
