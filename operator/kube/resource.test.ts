import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestInfo, resourcePath } from './resource.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };
const jobs = { group: 'batch', version: 'v1', plural: 'jobs' };

test('paths name group, namespace, name and subresource', () => {
  assert.equal(resourcePath(pods), '/api/v1/pods');
  assert.equal(resourcePath(jobs, { namespace: 'a' }), '/apis/batch/v1/namespaces/a/jobs');
  assert.equal(
    resourcePath(jobs, { namespace: 'a', name: 'b', subresource: 'status' }),
    '/apis/batch/v1/namespaces/a/jobs/b/status',
  );
  assert.equal(resourcePath(pods, { namespace: 'a', name: '../b' }), '/api/v1/namespaces/a/pods/..%2Fb');
});

test('a request is told by verb and resource, without names', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['GET', '/api/v1/pods', 'list', 'pods'],
    ['GET', '/api/v1/namespaces/a/pods/b', 'get', 'pods'],
    ['GET', '/api/v1/namespaces/a/pods/b/log', 'get', 'pods/log'],
    ['POST', '/apis/batch/v1/namespaces/a/jobs', 'create', 'jobs'],
    ['PUT', '/apis/batch/v1/namespaces/a/jobs/b/status', 'update', 'jobs/status'],
    ['PATCH', '/apis/batch/v1/namespaces/a/jobs/b', 'patch', 'jobs'],
    ['DELETE', '/apis/batch/v1/namespaces/a/jobs/b', 'delete', 'jobs'],
    ['DELETE', '/apis/batch/v1/namespaces/a/jobs', 'deletecollection', 'jobs'],
    ['GET', '/api/v1/namespaces', 'list', 'namespaces'],
    ['GET', '/api/v1/namespaces/a', 'get', 'namespaces'],
    ['PUT', '/api/v1/namespaces/a/finalize', 'update', 'namespaces/finalize'],
    ['GET', '/version', 'get', ''],
  ];
  for (const [method, path, verb, resource] of cases)
    assert.deepEqual(requestInfo(method, path, false), { verb, resource }, path);
  assert.deepEqual(requestInfo('GET', '/api/v1/pods', true), { verb: 'watch', resource: 'pods' });
});
