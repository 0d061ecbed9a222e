/** The option that names a profile: one of the product, or a file with a DeidProfile. */
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { builtinProfileNames } from '../../crds/v1alpha1/job.ts';
import type { DeidProfile } from '../../crds/v1alpha1/profile.ts';
import { isKnownKeyword } from '../profile/rule.ts';
import { RunError } from '../run/run-error.ts';
import { type CommandArguments, type CommandIo, type CommandOption, textOption } from './command.ts';
import { formatProblem, loadDocuments } from './documents.ts';

export const profileOption = {
  profile: {
    type: 'string',
    placeholder: 'PROFILE',
    description: 'basic, research, strict, or a file with a DeidProfile.',
  },
} as const satisfies Record<string, CommandOption>;

/** The profile; undefined where the option does not stand. Throws `RunError` `BadConfiguration`. */
export async function profileArgument(
  args: CommandArguments,
  io: CommandIo,
): Promise<DeidProfile | undefined> {
  const text = textOption(args, 'profile');
  if (text === undefined) return undefined;
  const builtin = builtinProfileNames.find((name) => name === text);
  if (builtin !== undefined) return builtinProfiles[builtin];
  const { documents, problems } = await loadDocuments([text], {
    cwd: io.cwd,
    stdin: io.stdin,
    isKeyword: isKnownKeyword,
  });
  if (problems.length > 0) throw new RunError('BadConfiguration', problems.map(formatProblem).join('\n'));
  const profiles = documents.flatMap(({ document }) => (document.kind === 'DeidProfile' ? [document] : []));
  const [profile] = profiles;
  if (profile === undefined || profiles.length > 1) {
    throw new RunError(
      'BadConfiguration',
      `the file holds ${profiles.length} DeidProfiles; exactly one is needed`,
    );
  }
  return profile;
}
