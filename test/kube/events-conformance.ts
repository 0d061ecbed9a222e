/** That people find the events that were recorded, repeated ones as one series. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../operator/kube/clock.ts';
import { defaultEventLimits, EventRecorder } from '../../operator/kube/event-recorder.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { configMapsOf, eventually, makeNamespace } from './api-server-under-test.ts';

const events = { group: 'events.k8s.io', version: 'v1', plural: 'events' };

export function eventsConformance(transport: () => Transport): void {
  describe('events', () => {
    it('are one for each object and reason, with a growing series', async () => {
      const namespace = await makeNamespace(transport(), 'eventful');
      const { create } = configMapsOf(transport(), namespace);
      const regarding = (await create('a')) as KubeObject;
      const recorder = new EventRecorder({
        transport: transport(),
        clock: systemClock,
        controller: 'conformance.example/controller',
        instance: 'conformance-0',
        onDropped: (why) => assert.fail(why),
        limits: { ...defaultEventLimits, seriesIntervalMs: 100 },
      });
      const news = { regarding, type: 'Warning', action: 'Check', note: 'ü'.repeat(1000) } as const;
      const own = async () => {
        const list = (await transport().call(resourcePath(events, { namespace }))) as {
          readonly items: readonly KubeObject[];
        };
        return list.items.filter(
          ({ reportingController }) => reportingController === 'conformance.example/controller',
        );
      };
      recorder.record({ ...news, reason: 'NotGood' });
      recorder.record({ ...news, reason: 'NotGoodEither' });
      await eventually('both are there', async () => (await own()).length === 2);
      for (let count = 0; count < 4; count += 1) recorder.record({ ...news, reason: 'NotGood' });
      const counted = async () =>
        (await own()).map(({ reason, series }) => [
          reason,
          (series as { readonly count?: number } | undefined)?.count,
        ]);
      await eventually('the series has grown', async () =>
        (await counted()).some(([, count]) => count === 5),
      );
      recorder.record({ ...news, reason: 'NotGood' });
      await recorder.stop(5000);
      assert.deepEqual((await counted()).sort(), [
        ['NotGood', 6],
        ['NotGoodEither', undefined],
      ]);
      for (const event of await own()) {
        assert.equal((event.regarding as { readonly uid: string }).uid, regarding.metadata.uid);
        assert.ok(Buffer.byteLength(String(event.note)) <= 1024);
      }
    });
  });
}
