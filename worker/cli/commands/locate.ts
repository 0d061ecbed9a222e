/** `deid locate`: the source key of an object, for who holds the project key. */
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { createPlanCipher } from '../../deid/identity/plan-cipher.ts';
import { jobKey } from '../../run/open-run.ts';
import { RunError } from '../../run/run-error.ts';
import { findItem, readSealedPlan } from '../../run/sealed-plan.ts';
import { type Command, flagOption } from '../command.ts';
import { jsonOption, keyBytesOf, keyOption } from '../job-arguments.ts';
import { knownRun, runAndOrdinal, workAreaOf, workAreaOptions } from '../work-area-arguments.ts';

/** A key as it is; as JSON where it would not show as one line. */
function line(json: string): string {
  const key: unknown = JSON.parse(json);
  return typeof key === 'string' && json === `"${key}"` ? key : json;
}

export const command: Command = {
  name: 'locate',
  summary: 'Show the source key of an object to who holds the project key',
  usage: 'RUN ORDINAL --key-file FILE (--work-area PLACE | -f FILE… [--volume NAME=DIR…]) [--json]',
  details:
    'Source keys may identify patients: they stand in the plan encrypted under the project key, and this is the one\n' +
    'command that shows one.',
  options: { ...workAreaOptions, ...keyOption, ...jsonOption },
  async run(args, io) {
    const [word, ordinal] = runAndOrdinal(args);
    const key = jobKey(await keyBytesOf(args, io), undefined);
    const work = await workAreaOf(args, io);
    const { run } = await knownRun(work, word);
    const plan = await readSealedPlan(work, run);
    if (plan === undefined) throw new RunError('NoSuchRun', 'the run has not been planned');
    const item = await findItem(work, run, plan.attempt, ordinal);
    if (item === undefined) throw new RunError('NoSuchRun', 'the run has no object of that ordinal');
    const sealed = item.kind === 'skipped' ? [] : item.kind === 'objectGroup' ? item.members : [item];
    if (sealed.length === 0)
      throw new RunError('NoSuchRun', 'the object was not selected; its key was not kept');
    const cipher = createPlanCipher(key);
    for (const { sealedKey } of sealed) {
      const sourceKey = cipher.open(ordinal, sealedKey);
      if (sourceKey === undefined)
        throw new RunError('KeyUnusable', 'the project key is not the one of this run');
      io.stdout.write(flagOption(args, 'json') ? `${sourceKey}\n` : `${line(sourceKey)}\n`);
    }
    return exitCodes.Success.code;
  },
};
