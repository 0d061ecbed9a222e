/** The dashboard for Grafana: its panels as data, and the JSON that comes of them. */

interface Panel {
  readonly title: string;
  /** Unit as Grafana names it. */
  readonly unit: string;
  /** Query to legend. $job and $namespace are the dashboard's variables. */
  readonly queries: Readonly<Record<string, string>>;
}

const own = 'job="$job"';
const byNamespace = 'job="$job", namespace=~"$namespace"';

const panels: readonly Panel[] = [
  {
    title: 'Jobs by state',
    unit: 'short',
    queries: { [`max by (state) (deidjobs{${own}})`]: '{{state}}' },
  },
  {
    title: 'Jobs finished in an hour',
    unit: 'short',
    queries: {
      [`sum by (result, reason) (increase(deidjob_finished_total{${byNamespace}}[1h]))`]:
        '{{result}} {{reason}}',
    },
  },
  {
    title: 'Objects in a second, by outcome',
    unit: 'ops',
    queries: { [`sum by (result) (rate(deid_objects_total{${byNamespace}}[5m]))`]: '{{result}}' },
  },
  {
    title: 'Bytes in a second',
    unit: 'Bps',
    queries: { [`sum by (direction) (rate(deid_bytes_total{${byNamespace}}[5m]))`]: '{{direction}}' },
  },
  {
    title: 'Time until the first pod of a job is made',
    unit: 's',
    queries: {
      [`histogram_quantile(0.5, sum by (le) (rate(deidjob_start_latency_seconds_bucket{${own}}[30m])))`]:
        'median',
      [`histogram_quantile(0.99, sum by (le) (rate(deidjob_start_latency_seconds_bucket{${own}}[30m])))`]:
        'p99',
    },
  },
  {
    title: 'Duration of jobs',
    unit: 's',
    queries: {
      [`histogram_quantile(0.5, sum by (le, result) (rate(deidjob_duration_seconds_bucket{${own}}[6h])))`]:
        'median, {{result}}',
    },
  },
  {
    title: 'Reconciling',
    unit: 'ops',
    queries: { [`sum by (result) (rate(deidjob_reconcile_total{${own}}[5m]))`]: '{{result}}' },
  },
  {
    title: 'Time of a pass, p99',
    unit: 's',
    queries: {
      [`histogram_quantile(0.99, sum by (le) (rate(deidjob_reconcile_duration_seconds_bucket{${own}}[5m])))`]:
        'p99',
    },
  },
  {
    title: 'Work queue',
    unit: 'short',
    queries: { [`sum by (name) (workqueue_depth{${own}})`]: '{{name}}' },
  },
  {
    title: 'Requests to the API server',
    unit: 'reqps',
    queries: {
      [`sum by (verb, resource, code) (rate(kube_api_requests_total{${own}}[5m]))`]:
        '{{verb}} {{resource}} {{code}}',
    },
  },
  {
    title: 'Leaders',
    unit: 'short',
    queries: { [`sum by (pod) (leader_election_master_status{${own}})`]: '{{pod}}' },
  },
  {
    title: 'Since the last event of a watch',
    unit: 's',
    queries: {
      [`time() - min by (resource) (informer_last_event_timestamp_seconds{${own}})`]: '{{resource}}',
    },
  },
];

const datasource = { type: 'prometheus', uid: '$datasource' };
const columns = 2;
const width = 24 / columns;
const height = 8;

function panelJson({ title, unit, queries }: Panel, index: number) {
  return {
    id: index + 1,
    title,
    type: 'timeseries',
    datasource,
    gridPos: { h: height, w: width, x: (index % columns) * width, y: Math.floor(index / columns) * height },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: Object.entries(queries).map(([expr, legendFormat], target) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + target),
      datasource,
      expr,
      legendFormat,
    })),
  };
}

function variable(name: string, query: string, isMany: boolean) {
  return {
    name,
    type: 'query',
    datasource,
    query: { query, refId: name },
    refresh: 2,
    ...(isMany ? { includeAll: true, multi: true, current: { text: 'All', value: '$__all' } } : {}),
  };
}

/** The dashboard as the text of a JSON file. */
export function dashboardJson(): string {
  const dashboard = {
    uid: 'deid-operator',
    title: 'deid-operator',
    tags: ['deid-operator'],
    schemaVersion: 39,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        variable('job', 'label_values(deid_operator_build_info, job)', false),
        variable('namespace', 'label_values(deid_objects_total{job="$job"}, namespace)', true),
      ],
    },
    panels: panels.map(panelJson),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
