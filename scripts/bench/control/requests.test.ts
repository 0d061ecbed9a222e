import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestsBetween, requestsOf } from './requests.ts';

const metrics = `
# HELP kube_api_requests_total Calls to the API server.
# TYPE kube_api_requests_total counter
kube_api_requests_total{verb="create",resource="jobs",code="201"} 3
kube_api_requests_total{verb="patch",resource="deidjobs/status",code="200"} 4
kube_api_requests_total{verb="patch",resource="deidjobs/status",code="409"} 1
kube_api_requests_total{verb="create",resource="events",code="201"} 5
kube_api_requests_total{verb="update",resource="leases",code="200"} 60
kube_api_requests_total{verb="list",resource="pods",code="200"} 2
kube_api_requests_total{verb="watch",resource="jobs",code="200"} 1
kube_api_request_duration_seconds_count{verb="create",resource="jobs"} 3
`;

test('writes are counted by what came of them, those of Events apart, those of the Lease not at all', () => {
  assert.deepEqual(requestsOf(metrics), { writes: 7, refused: 1, events: 5, reads: 3 });
});

test('between two readings lies their difference', () => {
  const more = { writes: 10, refused: 1, events: 5, reads: 4 };
  assert.deepEqual(requestsBetween(requestsOf(metrics), more), {
    writes: 3,
    refused: 0,
    events: 0,
    reads: 1,
  });
});
