/**
 * The engine without anything around it: reads each file, de-identifies it under the basic profile, writes it. Neither
 * digests, nor journal, nor verification. `engine-alone.ts SOURCE TARGET`
 */
import { closeSync, openSync, readFileSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { residentSource } from '../../../worker/bytes/byte-source.ts';
import { createEngine } from '../../../worker/deid/engine.ts';
import { parseProjectKey } from '../../../worker/deid/identity/project-key.ts';
import { mirroredFiles } from './folders.ts';

const [source = '', target = ''] = process.argv.slice(2);
const key = parseProjectKey(Buffer.from('a key that protects nobody: these patients are invented'));
const engine = createEngine({ profile: builtinProfiles.basic.spec, key });
for (const file of mirroredFiles(source, target)) {
  const decision = await engine.deidentify(residentSource(readFileSync(join(source, file))));
  if (decision.outcome !== 'deidentified')
    throw new Error(`an object of the benchmark is ${decision.outcome}`);
  const output = openSync(join(target, file), 'wx');
  writevSync(output, [...(decision.output.chunks() as Iterable<Uint8Array>)]);
  closeSync(output);
}
