/** What every labelled value is made with: the attribute, what surrounds it, and how a value is bound to its checks. */
import { textOf } from './outside-reader.ts';
import type { Persona } from './persona.ts';
import type { Formulas } from './published-formulas.ts';
import type { Random } from './random.ts';
import { type Check, type CheckName, isFreeOf } from './score.ts';
import { type AttributeFacts, codeOf, type ProfileName } from './standard-facts.ts';

export interface Surroundings {
  readonly persona: Persona;
  readonly random: Random;
  readonly profile: ProfileName;
  readonly formulas: Formulas;
  readonly category: string;
  readonly place: string;
  /** The attribute's Type at its place; undefined where the IOD does not define it there. */
  readonly type: string | undefined;
  /** True inside a sequence whose contents go. */
  readonly isGone: boolean;
  /** True inside a content sequence that is replaced by dummies. */
  readonly isDummy: boolean;
}

export interface LabelledValue {
  readonly value: string | Buffer | readonly number[];
  judge(output: Buffer | undefined): readonly Check[];
}

export type Verdict = readonly [name: CheckName, passed: boolean, detail?: string];

/** What is found in the text, and the bytes, of an output's value. */
export type Verdicts = (text: string, raw: Buffer | undefined) => readonly Verdict[];

export interface Labelling {
  readonly facts: AttributeFacts;
  readonly at: Surroundings;
  /** The code in force under the profile; undefined where the table does not list the attribute. */
  readonly code: ReturnType<typeof codeOf>;
  /** Whether anything at this place may stay as it is. */
  readonly mayStay: boolean;
  /** A value whose output must pass the verdicts, and be there as the attribute's Type asks. */
  check(value: LabelledValue['value'], verdicts: Verdicts): LabelledValue;
}

export function labellingOf(facts: AttributeFacts, at: Surroundings): Labelling {
  const { tag } = facts;
  const { type, isGone, isDummy } = at;
  const mayStay = !isGone && !isDummy && !tag.startsWith('60') && !tag.startsWith('50');
  const soundness = (text: string, output: Buffer | undefined): readonly Verdict[] => {
    if (!mayStay) return [];
    if (type === '1') return [['text_notnull', text !== '' || (output?.length ?? 0) > 0]];
    return type === '2' ? [['tag_retained', output !== undefined]] : [];
  };
  return {
    facts,
    at,
    code: codeOf(tag, at.profile),
    mayStay,
    check: (value, verdicts) => ({
      value,
      judge: (output) => {
        const text = textOf(output);
        return [...verdicts(text, output), ...soundness(text, output)].map(([name, passed, detail]) => ({
          name,
          category: at.category,
          place: at.place,
          passed,
          ...(detail === undefined ? {} : { detail }),
        }));
      },
    }),
  };
}

/** None of the labels stands in the output. */
export function removed(labels: readonly string[]): Verdicts {
  return (text) => labels.map((label) => ['text_removed', isFreeOf(text, label), `${label} in ${text}`]);
}

/** The output has the value as it was. */
export function same(value: string): Verdicts {
  return (text) => [['text_retained', text === value, `${value} -> ${text}`]];
}
