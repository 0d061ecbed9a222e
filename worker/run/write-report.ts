/** Writes the report of a run and its conformance statement into the work area. */
import { conformanceStatement } from '../report/conformance-statement.ts';
import { reportHtml } from '../report/html.ts';
import { statementMarkdown } from '../report/markdown.ts';
import { type RunFindings, runReport } from '../report/run-report.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, holds } from '../storage/whole-object.ts';
import { attemptLayout } from './layout.ts';
import { RunError } from './run-error.ts';

/** The same findings give the same bytes, so that writing again does nothing. Throws `RunError` where others lie there. */
export async function writeReport(work: Storage, findings: RunFindings): Promise<void> {
  const { summary, runSpec } = findings;
  const layout = attemptLayout(summary.run, summary.attempt);
  const statement = conformanceStatement(runSpec, summary.engineVersion);
  await createSame(work, layout.conformanceStatement, statementMarkdown(statement));
  await createSame(work, layout.report, reportHtml(runReport(findings)));
}

async function createSame(work: Storage, key: string, text: string): Promise<void> {
  if ((await createText(work, key, text)) === 'created') return;
  if (await holds(work, key, Buffer.from(text, 'utf8'))) return;
  throw new RunError('RunMismatch', 'the report in the work area is another one than the ledger gives');
}
