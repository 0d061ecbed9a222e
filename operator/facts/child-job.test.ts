/** Whose a Job under a child's name is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobUidLabel } from '../build/names.ts';
import { isChildOf } from './child-job.ts';

const owner = { name: 'j', namespace: 'ns', uid: 'u' };
const labels = { [jobUidLabel]: 'u' };
const ownerReferences = [{ uid: 'u', controller: true }];

describe("a Job under the name of a step's", () => {
  it("is the job's own where the job controls it", () => {
    assert.ok(isChildOf({ metadata: { ownerReferences } }, owner, 'plan'));
    assert.ok(!isChildOf({ metadata: { ownerReferences: [{ uid: 'u' }] } }, owner, 'plan'));
    assert.ok(!isChildOf({ metadata: { ownerReferences: [{ uid: 'v', controller: true }] } }, owner, 'plan'));
  });

  it("is somebody else's where it has but the label, which anybody may set", () => {
    assert.ok(!isChildOf({ metadata: { labels } }, owner, 'finish'));
    assert.ok(!isChildOf({}, owner, 'finish'));
  });

  it('is the cleanup by its label, and only where nothing owns it', () => {
    assert.ok(isChildOf({ metadata: { labels } }, owner, 'cleanup'));
    assert.ok(!isChildOf({ metadata: { labels, ownerReferences } }, owner, 'cleanup'));
    assert.ok(!isChildOf({ metadata: {} }, owner, 'cleanup'));
  });
});
