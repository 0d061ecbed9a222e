/** `deid map`: new identifiers for old ones, computed under the key; nothing is stored. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import type { DeidProfileSpec } from '../../../crds/v1alpha1/profile.ts';
import { resolvePatientIdentity } from '../../deid/identity/patient-identity.ts';
import type { ProjectKey } from '../../deid/identity/project-key.ts';
import { patientPseudonym } from '../../deid/identity/pseudonym.ts';
import { createUidMap } from '../../deid/identity/uid-map.ts';
import { compileProfile } from '../../profile/compile.ts';
import { jobKey } from '../../run/open-run.ts';
import { RunError } from '../../run/run-error.ts';
import { isWellKnown } from '../../standards/uids.ts';
import { type Command, flagOption } from '../command.ts';
import { jsonOption, keyBytesOf, keyOption } from '../job-arguments.ts';
import { profileArgument, profileOption } from '../profile-argument.ts';

const uid = /^[0-2](?:\.\d+){2,}$/;
const needsQuotes = /[",\r\n]/;

function field(text: string): string {
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives the new identifier of an old one: a UID, or `ID` or `ID^^^ISSUER`; undefined where the text names nobody. */
function mapping(key: ProjectKey, spec: DeidProfileSpec): (old: string) => string | undefined {
  const profile = compileProfile(spec);
  const mapUid = createUidMap(key, profile.uidRoot);
  return (old) => {
    if (uid.test(old)) return isWellKnown(old) ? old : mapUid(old);
    const [patientId = '', , , issuer = ''] = old.split('^');
    const identity = resolvePatientIdentity({
      patientId,
      issuer,
      studyInstanceUid: undefined,
      sopInstanceUid: undefined,
      defaultIssuer: profile.patientIdentity.defaultIssuer,
      missing: 'reject',
    });
    return identity.kind === 'rejected'
      ? undefined
      : patientPseudonym(key, identity, profile.patientIdentity);
  };
}

export const command: Command = {
  name: 'map',
  summary: 'Give new identifiers for old ones, from standard input',
  usage: '--key-file FILE [--profile PROFILE] [--json] < IDENTIFIERS',
  details:
    'Reads one identifier a line, a patient ID (ID or ID^^^ISSUER) or a UID, and prints old,new as CSV. Everything is\n' +
    'computed from the key and the profile; nothing is stored. Guard what it prints.',
  options: { ...keyOption, ...profileOption, ...jsonOption },
  async run(args, io) {
    const key = jobKey(await keyBytesOf(args, io), undefined);
    const profile = (await profileArgument(args, io)) ?? builtinProfiles.basic;
    const newOf = mapping(key, profile.spec);
    let unmapped = 0;
    for await (const line of createInterface({ input: Readable.from(io.stdin) })) {
      const old = line.trim();
      if (old === '') continue;
      const mapped = newOf(old);
      if (mapped === undefined) unmapped += 1;
      else if (flagOption(args, 'json')) io.stdout.write(`${JSON.stringify({ old, new: mapped })}\n`);
      else io.stdout.write(`${field(old)},${mapped}\n`);
    }
    if (io.signal.aborted) throw new RunError('Interrupted', 'stopped by a signal');
    if (unmapped > 0) io.stderr.write(`deid: ${unmapped} lines name nobody and were left out\n`);
    return exitCodes.Success.code;
  },
};
