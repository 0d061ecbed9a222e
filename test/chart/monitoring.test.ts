/** Alerts, dashboard and the reading of metrics. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { skipWithout } from '../../scripts/tools/build.ts';
import { render } from './helm.ts';
import { at, find } from './manifests.ts';

const skip = skipWithout(['helm']);

describe('monitoring', { skip }, () => {
  it('has alerts that each link to a heading of the runbooks', async () => {
    const runbooks = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'runbooks.md'), 'utf8');
    const headings = [...runbooks.matchAll(/^## (\S+)$/gm)].map(([, heading]) => heading);
    const base = 'https://wiki.example/runbooks';
    const rule = find(
      await render({ 'monitoring.prometheusRule.enabled': true, 'monitoring.prometheusRule.runbook': base }),
      'PrometheusRule',
    );
    const groups = at(rule, 'spec.groups') as readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly labels: { readonly severity: string };
        readonly annotations: Readonly<Record<string, string>>;
      }[];
    }[];
    const alerts = groups.flatMap(({ rules }) => rules);
    assert.deepEqual(
      alerts.map(({ alert }) => alert),
      headings,
    );
    for (const { alert, expr, labels, annotations } of alerts) {
      assert.equal(annotations.runbook_url, `${base}#${alert.toLowerCase()}`);
      assert.ok(annotations.summary && annotations.description, alert);
      assert.ok(['critical', 'warning', 'info'].includes(labels.severity), alert);
      assert.ok(expr.includes('job="deid-operator"') && !expr.includes('$'), alert);
    }
  });

  it('has a dashboard that is JSON, with a query in every panel', async () => {
    const map = find(await render({ 'monitoring.dashboard.enabled': true }), 'ConfigMap');
    assert.equal(map.metadata.labels?.grafana_dashboard, '1');
    const data = at(map, 'data') as Readonly<Record<string, string>>;
    const { panels } = JSON.parse(data['deid-operator.json'] ?? '');
    assert.ok(panels.length >= 10);
    for (const { targets } of panels) assert.ok(targets.length > 0);
  });

  it('reads the metrics of every pod by the service of its name', async () => {
    const manifests = await render({ 'monitoring.serviceMonitor.enabled': true });
    const labels = find(manifests, 'Service').metadata.labels ?? {};
    const selected = at(find(manifests, 'ServiceMonitor'), 'spec.selector.matchLabels') as object;
    assert.deepEqual({ ...labels, ...selected }, labels);
  });
});
