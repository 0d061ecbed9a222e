/** The commands in the order of help. Each is loaded only when it is called, so that help is quick. */
import type { Command } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'Run a DeidJob on this machine: plan, process, finish',
    load: () => import('./commands/run.ts'),
  },
  {
    name: 'plan',
    summary: 'List the source and cut it into shards',
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'process',
    summary: 'Process shards of a planned run',
    load: () => import('./commands/process.ts'),
  },
  {
    name: 'finish',
    summary: 'Add a processed run up and write its summary',
    load: () => import('./commands/finish.ts'),
  },
  {
    name: 'cleanup',
    summary: 'Abort uploads that a run left unfinished',
    load: () => import('./commands/cleanup.ts'),
  },
  {
    name: 'status',
    summary: 'Show the runs of a work area, or how far one has come',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'report',
    summary: 'Give the report of a finished run as a page for the browser',
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'verify',
    summary: 'Check the outputs and the ledger of a finished run',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'evidence',
    summary: 'List the records of a run, prove what made an output, check such a proof',
    load: () => import('./commands/evidence.ts'),
  },
  {
    name: 'why',
    summary: 'Say why an object of a run was held back, and what to change',
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'locate',
    summary: 'Show the source key of an object to who holds the project key',
    load: () => import('./commands/locate.ts'),
  },
  {
    name: 'map',
    summary: 'Give new identifiers for old ones, from standard input',
    load: () => import('./commands/map.ts'),
  },
  {
    name: 'key',
    summary: 'Make or check a project key or a signing key',
    load: () => import('./commands/key.ts'),
  },
  {
    name: 'explain',
    summary: 'Say what would happen to each element of a file, and why',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'validate',
    summary: 'Check DeidJob and DeidProfile documents',
    load: () => import('./commands/validate.ts'),
  },
];
