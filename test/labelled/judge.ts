/** Makes labelled objects, runs the engine over them and judges its outputs. */
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { parseProjectKey } from '../../worker/deid/identity/project-key.ts';
import { createVerifier } from '../../worker/verify/verifier.ts';
import { syntaxes } from '../builders/dicom.ts';
import { type LabelledObject, labelledObject, mayPlant, type Planted, plantedOf } from './labelled-object.ts';
import { readOutside } from './outside-reader.ts';
import { type Persona, personaOf } from './persona.ts';
import { privateParts } from './private-blocks.ts';
import { formulasOf } from './published-formulas.ts';
import { randomOf } from './random.ts';
import type { Check } from './score.ts';
import {
  attributeOf,
  attributes,
  attributesOfIod,
  codeOf,
  type ProfileName,
  sopClasses,
} from './standard-facts.ts';

const keyBytes = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 251));
const maxDays = 3650;
const pseudonymLength = 12;
const formulas = formulasOf(keyBytes, maxDays, pseudonymLength);
const engineOf = (profile: ProfileName) =>
  createEngine({ profile: builtinProfiles[profile].spec, key: parseProjectKey(keyBytes) });
const engines = { basic: engineOf('basic'), research: engineOf('research') };
const verifierOf = (profile: ProfileName) =>
  createVerifier({ profile: builtinProfiles[profile].spec, key: keyBytes });
const verifiers = { basic: verifierOf('basic'), research: verifierOf('research') };

const isSequence = (tag: string): boolean => attributeOf.get(tag)?.vr === 'SQ';

/** Labels that are long enough to stand nowhere by chance, in the encodings in which they could hide. */
function hiddenLabels({ patient, mrn, accession, mail, street, serial }: Persona): readonly Buffer[] {
  const longest = 8;
  return [patient.family, mrn, accession, mail, street, serial].flatMap((label) =>
    label.length < longest
      ? []
      : [Buffer.from(label), Buffer.from(label, 'latin1'), Buffer.from(label, 'utf16le')],
  );
}

async function judged(
  { file, expectations }: LabelledObject,
  persona: Persona,
  profile: ProfileName,
  category: string,
): Promise<readonly Check[]> {
  const decision = await engines[profile].deidentify(residentSource(file));
  const whole = (passed: boolean, detail?: string): Check => ({
    name: 'bytes_removed',
    category,
    place: 'file',
    passed,
    ...(detail === undefined ? {} : { detail }),
  });
  if (!('output' in decision))
    return [whole(false, `${decision.outcome} ${'reason' in decision ? decision.reason : ''}`)];
  const chunks: Buffer[] = [];
  const verification = await verifiers[profile].begin(residentSource(file), decision.output, decision.record);
  for await (const chunk of decision.output.chunks()) {
    chunks.push(Buffer.from(chunk));
    await verification.take(chunk);
  }
  const finding = verification.finish();
  const output = readOutside(Buffer.concat(chunks), isSequence);
  const found = hiddenLabels(persona).find((label) => output.bytes.includes(label));
  return [
    ...expectations.flatMap((expected) => expected(output.values)),
    whole(found === undefined, found?.toString()),
    {
      name: 'passes_verification',
      category,
      place: 'file',
      passed: finding === undefined,
      ...(finding === undefined ? {} : { detail: `${finding.reason} ${finding.at ?? ''}` }),
    },
  ];
}

const ct = '1.2.840.10008.5.1.4.1.1.2';
const chunkSize = 90;
const wrapper = (inside: readonly Planted[], tag: string): Planted => {
  const facts = attributeOf.get(tag);
  if (facts === undefined) throw new Error(tag);
  return { facts, type: undefined, inside };
};

/** Which labelled objects are made. */
export interface Size {
  readonly seed: number;
  /** How often each kind of object is made, with other labels each time. */
  readonly rounds: number;
  /** Of the objects of a round, every how many is made. */
  readonly every: number;
}

/** Every attribute of PS3.6 and Table E.1-1, at the root and one to three sequences deep. */
async function judgeAttributes(
  profile: ProfileName,
  { seed, rounds, every }: Size,
): Promise<readonly Check[]> {
  const all = attributes.filter(({ tag, vr }) => mayPlant(tag) && vr !== 'SQ' && !/^(?:50|60)/.test(tag));
  const checks: Check[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < all.length; at += chunkSize * every) {
      for (const depth of [0, 1 + ((at / chunkSize + round) % 3)]) {
        const random = randomOf(seed + round * 7919 + at * 31 + depth);
        const persona = personaOf(random);
        const category = `attributes, depth ${depth}`;
        const planted = all
          .slice(at, at + chunkSize)
          .map((facts): Planted => ({ facts, type: undefined, inside: [] }));
        const deep = ['00081115', '00400260', '00540016']
          .slice(0, depth)
          .reduce((inside, tag) => [wrapper(inside, tag)], planted);
        const syntax = random.pick([syntaxes.implicit, syntaxes.explicit, syntaxes.deflated]);
        const object = labelledObject(ct, deep, { persona, random, profile, formulas, category }, syntax);
        checks.push(...(await judged(object, persona, profile, category)));
      }
    }
  }
  return checks;
}

/** Every attribute of every module of the IODs, at its place. */
async function judgeIods(profile: ProfileName, { seed, rounds, every }: Size): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const classes = [...sopClasses].filter(
    ([, iod]) => !/encapsulated|media|directory|hanging|palette/.test(iod),
  );
  for (let round = 0; round < rounds; round++) {
    for (const [index, [sopClass, iod]] of classes.entries()) {
      if (index % every !== 0) continue;
      const random = randomOf(seed + round * 104_729 + index);
      const persona = personaOf(random);
      const context = { persona, random, profile, formulas, category: iod };
      const object = labelledObject(sopClass, plantedOf(attributesOfIod(iod), context), context);
      checks.push(...(await judged(object, persona, profile, iod)));
    }
  }
  return checks;
}

const textTags = attributes.filter(
  ({ tag, vr }) => mayPlant(tag) && ['LO', 'ST', 'LT', 'UT'].includes(vr) && codeOf(tag, 'research') === 'C',
);

/** Descriptions of all kinds with labels woven in. */
async function judgeTexts(profile: ProfileName, { seed, rounds, every }: Size): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (let round = 0; round < (rounds * 20) / every; round++) {
    const random = randomOf(seed + round * 15_485_863);
    const persona = personaOf(random);
    const category = 'free text';
    const planted = textTags.map((facts): Planted => ({ facts, type: undefined, inside: [] }));
    const object = labelledObject(ct, planted, { persona, random, profile, formulas, category });
    checks.push(...(await judged(object, persona, profile, category)));
  }
  return checks;
}

/** Private blocks, known and unknown, under block numbers of their own. */
export async function judgePrivate(profile: ProfileName, { seed, rounds }: Size): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (let round = 0; round < rounds * 2; round++) {
    const random = randomOf(seed + round * 32_452_843);
    const persona = personaOf(random);
    const category = 'private elements';
    const context = { persona, random, profile, formulas, category };
    const object = labelledObject(ct, [], context, undefined, privateParts(persona, random, profile));
    checks.push(...(await judged(object, persona, profile, category)));
  }
  return checks;
}

/** All checks of one profile. */
export async function judgeProfile(profile: ProfileName, size: Size): Promise<readonly Check[]> {
  return [
    ...(await judgeAttributes(profile, size)),
    ...(await judgeIods(profile, size)),
    ...(await judgeTexts(profile, size)),
    ...(await judgePrivate(profile, size)),
  ];
}
