import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { kubeConfigAccess, podAccess } from './cluster-access.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'service-account-'));
  for (const [name, text] of Object.entries({ token: 'secret\n', 'ca.crt': 'PEM', namespace: 'home\n' }))
    await writeFile(join(folder, name), text);
});
after(() => rm(folder, { recursive: true }));

function kubeConfig(user: object, cluster: object = {}): KubeConfig {
  const config = new KubeConfig();
  const whole = {
    clusters: [{ name: 'c', cluster: { server: 'https://api.example:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'home' } }],
    'current-context': 'x',
  };
  config.loadFromString(JSON.stringify(whole));
  return config;
}

test('a pod finds the API server, its authority and its token, and the renewed one when that is refused', async () => {
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
  const access = await podAccess(environment, folder);
  assert.equal(access?.server, 'https://[fd00::1]:6443');
  assert.deepEqual(access?.trust, { ca: 'PEM' });
  assert.equal(access?.namespace, 'home');
  assert.deepEqual(await access?.headers(), { authorization: 'Bearer secret' });
  await writeFile(join(folder, 'token'), 'renewed');
  access?.refused();
  assert.deepEqual(await access?.headers(), { authorization: 'Bearer renewed' });
});

test('elsewhere there is no pod', async () => assert.equal(await podAccess({}, folder), undefined));

test('a kubeconfig says whom to trust and what to show', async () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const access = await kubeConfigAccess(
    kubeConfig(
      { token: 'secret', 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      { 'certificate-authority-data': base64('PEM'), 'tls-server-name': 'kubernetes' },
    ),
  );
  assert.equal(access.server, 'https://api.example:6443');
  assert.equal(access.namespace, 'home');
  const { ca, cert, key, servername } = access.trust;
  assert.deepEqual(
    { ca, cert, key, servername },
    { ca: 'PEM', cert: 'CERT', key: 'KEY', servername: 'kubernetes' },
  );
  assert.deepEqual(await access.headers(), { Authorization: 'Bearer secret' });
});

test('verification is off only where the kubeconfig says so', async () => {
  const { trust } = await kubeConfigAccess(kubeConfig({}, { 'insecure-skip-tls-verify': true }));
  assert.equal(trust.rejectUnauthorized, false);
  assert.notEqual((await kubeConfigAccess(kubeConfig({}))).trust.rejectUnauthorized, false);
});

test('a token file is read again when its token is refused', async () => {
  const tokenFile = join(folder, 'other');
  await writeFile(tokenFile, 'first\n');
  const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
  const access = await kubeConfigAccess(kubeConfig(user));
  assert.deepEqual(await access.headers(), { authorization: 'Bearer first' });
  await writeFile(tokenFile, 'second\n');
  access.refused();
  assert.deepEqual(await access.headers(), { authorization: 'Bearer second' });
});

test('what a kubeconfig asks for and we cannot do is refused', async () => {
  await assert.rejects(
    kubeConfigAccess(kubeConfig({}, { 'proxy-url': 'http://proxy.example' })),
    /proxy-url/,
  );
  await assert.rejects(kubeConfigAccess(kubeConfig({ as: 'somebody' })), /impersonation/);
  await assert.rejects(kubeConfigAccess(new KubeConfig()), /no current context/);
});
