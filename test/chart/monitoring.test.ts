/** Alerts, dashboard and the reading of metrics. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Histogram } from 'prom-client';
import { createMetrics, observeSources } from '../../operator/telemetry/metrics.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { render } from './helm.ts';
import { at, find } from './manifests.ts';

const skip = skipWithout(['helm']);

/** Metrics that the operator serves, each with its labels. */
async function servedMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = createMetrics('0');
  observeSources(metrics, {
    jobs: () => [],
    queueState: () => undefined,
    longestPassMs: () => 0,
    isKindSynced: () => true,
    lastHeardSeconds: () => 0,
  });
  const served = new Map<string, ReadonlySet<string>>();
  for (const metric of metrics.registry.getMetricsAsArray()) {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: string[] };
    for (const suffix of metric instanceof Histogram ? ['_bucket', '_sum', '_count'] : ['']) {
      served.set(name + suffix, new Set(labelNames));
    }
  }
  return served;
}

/** What queries select: names of metrics and of the labels that they are selected by. */
function selectors(
  query: string,
): readonly { readonly metric: string; readonly labels: readonly string[] }[] {
  return [...query.matchAll(/([a-z_]+)\{([^}]*)\}/g)].map(([, metric = '', selector = '']) => ({
    metric,
    labels: [...selector.matchAll(/([a-z_]+)=/g)].map(([, label = '']) => label),
  }));
}

async function assertServed(queries: readonly string[]): Promise<void> {
  const served = await servedMetrics();
  for (const query of queries) {
    const selected = selectors(query);
    assert.ok(selected.length > 0, query);
    for (const { metric, labels } of selected) {
      const known = served.get(metric);
      assert.ok(known !== undefined, `${metric} is not served`);
      for (const label of labels) assert.ok(label === 'job' || known.has(label), `${metric} has no ${label}`);
    }
  }
}

describe('monitoring', { skip }, () => {
  it('has alerts over metrics that the operator serves, each with a heading of the runbooks', async () => {
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
    await assertServed(alerts.map(({ expr }) => expr));
    for (const { alert, expr, labels, annotations } of alerts) {
      assert.equal(annotations.runbook_url, `${base}#${alert.toLowerCase()}`);
      assert.ok(annotations.summary && annotations.description, alert);
      assert.ok(['critical', 'warning', 'info'].includes(labels.severity), alert);
      assert.ok(expr.includes('job="deid-operator"') && !expr.includes('$'), alert);
    }
  });

  it('has a dashboard over metrics that the operator serves', async () => {
    const map = find(await render({ 'monitoring.dashboard.enabled': true }), 'ConfigMap');
    assert.equal(map.metadata.labels?.grafana_dashboard, '1');
    const data = at(map, 'data') as Readonly<Record<string, string>>;
    const { panels } = JSON.parse(data['deid-operator.json'] ?? '');
    assert.ok(panels.length >= 10);
    const targets = panels.flatMap(
      (panel: { readonly targets: readonly { readonly expr: string }[] }) => panel.targets,
    );
    await assertServed(targets.map(({ expr }: { readonly expr: string }) => expr));
  });

  it('reads the metrics of every pod by the service of its name', async () => {
    const manifests = await render({ 'monitoring.serviceMonitor.enabled': true });
    const labels = find(manifests, 'Service').metadata.labels ?? {};
    const selected = at(find(manifests, 'ServiceMonitor'), 'spec.selector.matchLabels') as object;
    assert.deepEqual({ ...labels, ...selected }, labels);
  });
});
