/** A case of docs/leaks.md as tests: a labelled object in every shape and under every profile, searched for its labels. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BuiltinProfileName } from '../../../crds/v1alpha1/job.ts';
import {
  type Depth,
  depths,
  type EncodingName,
  encodings,
  inflated,
  type Labelled,
  labelledFile,
  nameOf,
  type Output,
  outputOf,
  patient,
} from './labelled-object.ts';
import { type Label, labelsIn } from './labels.ts';

export interface Fixture extends Labelled {
  /** What must not be in the output. It must be in the object, or the test is wrong. */
  readonly labels: readonly Label[];
  /** Profiles under which it must not; all three where not given. */
  readonly profiles?: readonly BuiltinProfileName[];
  readonly encodings?: readonly EncodingName[];
  readonly depths?: readonly Depth[];
  /** What else is true of the output. Under `strict` the sequences around what is planted are gone. */
  readonly check?: (output: Output) => void;
}

const allProfiles: readonly BuiltinProfileName[] = ['basic', 'research', 'strict'];
const allEncodings = Object.keys(encodings) as readonly EncodingName[];
const allDepths = Object.keys(depths) as readonly Depth[];

/** Labels that every object here has at its root. */
const always = patient.name.split('^').concat(patient.id);

/** Registers tests that hold for the fixture in each of its shapes: one a profile. */
export function leaksNothing(title: string, fixture: Fixture): void {
  for (const profile of fixture.profiles ?? allProfiles) {
    it(`${title}, under ${profile}`, async () => {
      const left = new Map<Label, string[]>();
      for (const encoding of fixture.encodings ?? allEncodings) {
        for (const depth of fixture.depths ?? allDepths) {
          const shape = { profile, encoding, depth };
          const source = inflated(labelledFile(fixture, encoding, depth), encoding);
          assert.deepEqual(
            labelsIn(source, fixture.labels),
            fixture.labels,
            `${nameOf(shape)}: the labels are in the object`,
          );
          const output = await outputOf(fixture, shape);
          for (const label of labelsIn(output.bytes, [...fixture.labels, ...always])) {
            left.set(label, [...(left.get(label) ?? []), `${encoding} ${depth}`]);
          }
          try {
            fixture.check?.(output);
          } catch (cause) {
            throw new Error(`${nameOf(shape)}: ${cause instanceof Error ? cause.message : cause}`, { cause });
          }
        }
      }
      assert.deepEqual(
        [...left].map(([label, shapes]) => `${label}: ${shapes[0]} and ${shapes.length - 1} more`),
        [],
      );
    });
  }
}

/** Groups the tests of a case under its number and name in docs/leaks.md. */
export function leakCase(number: number, title: string, tests: () => void): void {
  describe(`case ${number}: ${title}`, tests);
}

/** Registers one fixture as a whole case. */
export function leakCaseOf(number: number, title: string, fixture: Fixture): void {
  leakCase(number, title, () => leaksNothing('no label is left', fixture));
}

/** The data set that held the labels, where the profile keeps the sequences around it; `undefined` under `strict` alone. */
export function plantedIn(output: Output): NonNullable<Output['planted']> | undefined {
  if (output.profile === 'strict') return undefined;
  assert.ok(output.planted !== undefined, 'the sequences around what was planted are there');
  return output.planted;
}
