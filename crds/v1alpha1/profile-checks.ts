/** What a schema cannot see in a profile: fields that contradict each other, and rules that make no sense. */
import { type Problem, problem, type Segments } from '../schema/problem.ts';
import type { DeidProfileSpec, DeidRule } from './profile.ts';
import { normaliseAction } from './rule-action.ts';

/** Where the rules lie in a profile document. */
const rulesPath: Segments = ['spec', 'dicom', 'rules'];

/** Reads `/source/flags`; undefined where it is no regular expression. The pattern of the field has been checked. */
export function parseValuePattern(written: string): RegExp | undefined {
  const end = written.lastIndexOf('/');
  try {
    return new RegExp(written.slice(1, end), written.slice(end + 1));
  } catch {
    return undefined;
  }
}

function valuePatternProblems(rule: DeidRule, at: Segments): Problem[] {
  const { value } = rule.match;
  if (value === undefined) return [];
  const pattern = parseValuePattern(value);
  if (pattern === undefined) {
    return [
      problem('Invalid', [...at, 'match', 'value'], 'must be a regular expression that JavaScript reads'),
    ];
  }
  return pattern.test('')
    ? [
        problem(
          'Invalid',
          [...at, 'match', 'value'],
          'must not match the empty text, or it matches everything',
        ),
      ]
    : [];
}

function ruleProblems(rule: DeidRule, index: number): Problem[] {
  const at = [...rulesPath, index];
  const problems = valuePatternProblems(rule, at);
  if (Object.keys(rule.match).length === 0) {
    problems.push(
      problem(
        'Missing',
        [...at, 'match'],
        'must say what the rule matches',
        'Name a tag, keyword, vr, group, creator, path or value.',
      ),
    );
  }
  if (normaliseAction(rule.action).kind === 'cleanMatch' && rule.match.value === undefined) {
    problems.push(
      problem('Missing', [...at, 'match', 'value'], 'is missing: cleanMatch removes what it matches'),
    );
  }
  return problems;
}

function optionProblems(spec: DeidProfileSpec): Problem[] {
  const at = ['spec', 'dicom', 'basis', 'options'];
  const { options } = spec.dicom.basis;
  return options.includes('RetainLongitudinalFullDates') &&
    options.includes('RetainLongitudinalModifiedDates')
    ? [
        problem(
          'Conflict',
          at,
          'RetainLongitudinalFullDates and RetainLongitudinalModifiedDates exclude each other',
          'Remove one of them.',
        ),
      ]
    : [];
}

/** Everything wrong with a profile that fits its schema, but for keywords: see {@link checkRules}. */
export function profileProblems(spec: DeidProfileSpec): Problem[] {
  return [...optionProblems(spec), ...spec.dicom.rules.flatMap(ruleProblems)];
}

/**
 * Names the keywords in rules that `isKeyword` does not know. The data dictionary belongs to the data plane, so that
 * whoever has it asks this after the document has been validated.
 */
export function checkRules(
  rules: readonly DeidRule[],
  isKeyword: (keyword: string) => boolean,
): readonly Problem[] {
  return rules.flatMap(({ match }, index) => {
    const at = [...rulesPath, index, 'match'];
    const problems: Problem[] = [];
    if (match.keyword !== undefined && !isKeyword(match.keyword)) {
      problems.push(problem('UnknownKeyword', [...at, 'keyword'], 'is no keyword of PS3.6'));
    }
    const words = match.path?.split('/').filter((step) => /^[A-Za-z]/.test(step)) ?? [];
    if (!words.every(isKeyword)) {
      problems.push(problem('UnknownKeyword', [...at, 'path'], 'holds a word that is no keyword of PS3.6'));
    }
    return problems;
  });
}
