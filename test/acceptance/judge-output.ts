/** Compares one output with the inputs that it can come from. Findings name places and kinds, never a value or a file. */
import { readFile } from 'node:fs/promises';
import { compareSamples, type SamplesCompared } from './decoded-samples.ts';
import { fieldsLeftIn, identityValues } from './identity-values.ts';
import { dciodvfyErrors, dcmdumpAccepts } from './outside-tools.ts';
import { latin1, readTopLevel, type TopLevel } from './top-level-elements.ts';

/** What was seen of one output. */
export interface Judgement {
  /** No known input maps to this output's SOP Instance UID, or this reader cannot follow the input. */
  readonly unmatched: boolean;
  readonly readable: boolean;
  /** dcmdump refuses the output and accepts the input. */
  readonly refused: boolean;
  /** Errors of dciodvfy that no input of the same SOP Instance UID has; undefined where it cannot follow an input. */
  readonly newErrors: readonly string[] | undefined;
  readonly pixels: 'absent' | 'identical' | 'different';
  /** What decoding says where the bytes of Pixel Data differ. */
  readonly samples?: SamplesCompared;
  /** Identity fields of the input whose value stands in the output, as `ggggeeee`. */
  readonly fieldsLeft: readonly string[];
}

/** An input that this reader can follow. */
export interface KnownInput {
  readonly file: string;
  readonly content: TopLevel;
}

/** Answers about an input that both profiles ask for; each question is put once. */
export interface InputFacts {
  errorsOf(file: string): Promise<ReadonlySet<string>>;
  acceptedByDcmdump(file: string): Promise<boolean>;
}

const pixelTags = ['7FE00008', '7FE00009', '7FE00010'] as const;
const sopInstanceUid = '00080018';

/** dciodvfy reads no deflated data set, and stops at tags out of order: what it then misses says nothing of the IOD. */
const isDeflated = ({ transferSyntax }: TopLevel): boolean => transferSyntax === '1.2.840.10008.1.2.1.99';
const cannotFollow = /Tags out of order|Tag read failed/;

/** Remembers what the tools say of each file. */
export function rememberedInputFacts(): InputFacts {
  const errors = new Map<string, Promise<ReadonlySet<string>>>();
  const accepted = new Map<string, Promise<boolean>>();
  const once = <T>(known: Map<string, Promise<T>>, file: string, ask: () => Promise<T>): Promise<T> => {
    const answer = known.get(file) ?? ask();
    known.set(file, answer);
    return answer;
  };
  return {
    errorsOf: (file) => once(errors, file, () => dciodvfyErrors(file)),
    acceptedByDcmdump: (file) => once(accepted, file, () => dcmdumpAccepts(file)),
  };
}

/** Inputs by SOP Instance UID; several files can share one. */
export async function knownInputs(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly KnownInput[]>> {
  const byUid = new Map<string, KnownInput[]>();
  for (const file of files) {
    const content = readTopLevel(await readFile(file));
    if (content === undefined) continue;
    const uid = latin1(content, sopInstanceUid);
    byUid.set(uid, [...(byUid.get(uid) ?? []), { file, content }]);
  }
  return byUid;
}

function samePixels(a: TopLevel, b: TopLevel): boolean {
  return pixelTags.every((tag) => {
    const [x, y] = [a.elements.get(tag)?.value, b.elements.get(tag)?.value];
    return x === undefined || y === undefined ? x === y : Buffer.compare(x, y) === 0;
  });
}

function pixelsOf(output: TopLevel, inputs: readonly KnownInput[]): Judgement['pixels'] {
  const matches = inputs.some(({ content }) => samePixels(output, content));
  if (!matches) return 'different';
  return pixelTags.some((tag) => output.elements.has(tag)) ? 'identical' : 'absent';
}

async function unionOf(sets: Promise<ReadonlySet<string>>[]): Promise<ReadonlySet<string>> {
  return new Set((await Promise.all(sets)).flatMap((set) => [...set]));
}

/** Judges one output; `inputsOf` gives the inputs whose new SOP Instance UID is the given one. */
export async function judgeOutput(
  file: string,
  inputsOf: (newUid: string) => readonly KnownInput[],
  facts: InputFacts,
): Promise<Judgement> {
  const output = readTopLevel(await readFile(file));
  const accepted = await dcmdumpAccepts(file);
  if (output === undefined) {
    return {
      unmatched: true,
      readable: false,
      refused: !accepted,
      newErrors: [],
      pixels: 'absent',
      fieldsLeft: [],
    };
  }
  const inputs = inputsOf(latin1(output, sopInstanceUid));
  if (inputs.length === 0) {
    return {
      unmatched: true,
      readable: true,
      refused: !accepted,
      newErrors: [],
      pixels: 'absent',
      fieldsLeft: [],
    };
  }
  const known = await unionOf(inputs.map((input) => facts.errorsOf(input.file)));
  const inputAccepted = (await Promise.all(inputs.map((input) => facts.acceptedByDcmdump(input.file)))).some(
    Boolean,
  );
  const pixels = pixelsOf(output, inputs);
  return {
    unmatched: false,
    readable: true,
    refused: inputAccepted && !accepted,
    newErrors:
      isDeflated(output) || [...known].some((error) => cannotFollow.test(error))
        ? undefined
        : [...(await dciodvfyErrors(file))].filter((error) => !known.has(error)),
    pixels,
    ...(pixels === 'different'
      ? {
          samples: await compareSamples(
            file,
            inputs.map((input) => input.file),
          ),
        }
      : {}),
    fieldsLeft: inputs.flatMap(({ content }) => fieldsLeftIn(output, identityValues(content))),
  };
}
