/** `deid verify`: checks the outputs and the ledger of a finished run. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { findingText } from '../../evidence/finding.ts';
import { type RunVerdict, verifyRun } from '../../evidence/verify-run.ts';
import { bytesText } from '../../report/figures.ts';
import { type Command, flagOption, UsageError } from '../command.ts';
import { documentOptions, jsonOption } from '../job-arguments.ts';
import { anchorOptions, anchorsOf } from '../signing-arguments.ts';
import { areasOf, knownRun } from '../work-area-arguments.ts';

/** Objects that are read at once. */
const lanes = 8;

function verdictText(run: string, verdict: RunVerdict): string {
  const { statement, signature, outputs, findings, found } = verdict;
  if (found > 0) {
    const more = found > findings.length ? [`and ${found - findings.length} more`] : [];
    const lines = [...findings.map(findingText), ...more].map((line) => `  ${line}\n`);
    return `Run ${run}: the evidence is broken; ${found} ${found === 1 ? 'finding' : 'findings'}\n${lines.join('')}`;
  }
  return (
    `Run ${run}: the evidence holds\n` +
    `Ledger          ${statement?.entries} records, root ${statement?.root}\n` +
    `Signature       ${signature === undefined ? 'none' : `by key ${signature.keyId}`}\n` +
    `Read again      ${outputs?.outputs} outputs, ${bytesText(outputs?.bytes ?? 0)}\n` +
    (statement?.previous === undefined
      ? ''
      : `Attempts        chained: attempt ${statement.attempt} follows root ${statement.previous}\n`) +
    (outputs !== undefined && outputs.undone > 0
      ? `Undone          ${outputs.undone} objects have no outcome; what was begun of them is not looked into\n`
      : '')
  );
}

export const command: Command = {
  name: 'verify',
  summary: 'Check the outputs and the ledger of a finished run',
  usage: 'RUN -f FILE… [--volume NAME=DIR…] [--root ROOT] [--public-key KEY] [--shared-destination] [--json]',
  details:
    'Makes the ledger again from the journals and holds it against its root, reads every output and every candidate in\n' +
    'quarantine again, and looks for objects that no record knows. Names what it finds by kind, ordinal and shard; shows\n' +
    'no value and needs no project key. Without --root or --public-key it cannot tell a ledger that was made anew whole.\n' +
    'A broken one ends with the exit code EvidenceBroken. Let no run write to the destination meanwhile.',
  options: {
    ...documentOptions,
    ...anchorOptions,
    'shared-destination': {
      type: 'boolean',
      description: 'Others than the runs of this work area write there: what no record knows is no finding.',
    },
    ...jsonOption,
  },
  async run(args, io) {
    const [word, ...rest] = args.positionals;
    if (word === undefined || rest.length > 0) throw new UsageError('name one run');
    const anchors = await anchorsOf(args, io);
    const areas = await areasOf(args, io);
    const known = await knownRun(areas.workArea, word);
    const verdict = await verifyRun(known, anchors, {
      areas,
      isShared: flagOption(args, 'shared-destination'),
      lanes,
      secret: io.randomBytes(32),
      signal: io.signal,
    });
    const { statement, signature, outputs, findings, found } = verdict;
    const holds = found === 0;
    io.stdout.write(
      flagOption(args, 'json')
        ? `${JSON.stringify({
            run: known.run,
            holds,
            root: statement?.root,
            records: statement?.entries,
            signedBy: signature?.keyId,
            ...outputs,
            found,
            findings,
          })}\n`
        : verdictText(known.run, verdict),
    );
    return exitCodes[holds ? 'Success' : 'EvidenceBroken'].code;
  },
};
