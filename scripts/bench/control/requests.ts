/** How many calls the operator has made, as its metric `kube_api_requests_total` counts them. */

export interface Requests {
  /** Writes that the server took, but those of Events and of the Lease. */
  readonly writes: number;
  /** Tries of such writes that it refused or that broke off. */
  readonly refused: number;
  readonly events: number;
  readonly reads: number;
}

const sample = /^kube_api_requests_total\{([^}]*)\} (\S+)$/gm;
const writing: readonly string[] = ['create', 'update', 'patch', 'delete'];

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}

/** Reads the text format of Prometheus. */
export function requestsOf(metrics: string): Requests {
  let [writes, refused, events, reads] = [0, 0, 0, 0];
  for (const [, labels = '', text = ''] of metrics.matchAll(sample)) {
    const count = Number(text);
    const resource = labelOf(labels, 'resource');
    if (!writing.includes(labelOf(labels, 'verb'))) reads += count;
    else if (resource === 'events') events += count;
    else if (resource === 'leases') continue;
    else if (/^2/.test(labelOf(labels, 'code'))) writes += count;
    else refused += count;
  }
  return { writes, refused, events, reads };
}

/** What was asked for between two readings. */
export function requestsBetween(before: Requests, after: Requests): Requests {
  return {
    writes: after.writes - before.writes,
    refused: after.refused - before.refused,
    events: after.events - before.events,
    reads: after.reads - before.reads,
  };
}
