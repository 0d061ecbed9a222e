/**
 * A profile's own rules as the verifier understands them. Whether a rule with a value pattern matched is not known from
 * the output, so what such a rule may have decided is left open.
 */
import type { DeidProfileSpec, DeidRule } from '../../crds/v1alpha1/profile.ts';
import { normaliseAction, type RuleAction } from '../../crds/v1alpha1/rule-action.ts';
import { creatorOf, pathOf, type ReadDataSet, type ReadElement } from './read-element.ts';
import { attributeOf, tagOfKeyword } from './tables.ts';
import { textIn } from './values.ts';

/** What a rule says of an element; `unsure` where that hangs on a value. */
export type RuleVerdict = RuleAction | { readonly kind: 'unsure' };

interface ReadRule {
  readonly verdict: RuleVerdict;
  matches(element: ReadElement, root: ReadDataSet): boolean;
}

function tagNumber(text: string): number {
  return Number.parseInt(text.replace(/\W/g, ''), 16);
}

function onPath(pattern: readonly string[], path: readonly number[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**') return path.some((_, index) => onPath(rest, path.slice(index))) || onPath(rest, []);
  if (path.length === 0) return false;
  const tag = first.startsWith('(') ? tagNumber(first) : tagOfKeyword(first);
  return (first === '*' || tag === path[0]) && onPath(rest, path.slice(1));
}

function creatorText(text: string | undefined): string | undefined {
  return text?.trim().toUpperCase();
}

function readRule({ match, when, action }: DeidRule): ReadRule {
  const masked = match.tag?.replace(/\W/g, '').toLowerCase();
  return {
    verdict: match.value === undefined ? normaliseAction(action) : { kind: 'unsure' },
    matches: (element, root) => {
      const { tag } = element;
      const digits = tag.toString(16).padStart(8, '0');
      const isPrivate = (tag & 0x10000) !== 0;
      return (
        (masked === undefined ||
          [...masked].every((digit, index) => digit === 'x' || digit === digits[index])) &&
        (match.keyword === undefined || attributeOf(tag)?.keyword === match.keyword) &&
        (match.vr === undefined || match.vr === element.vr) &&
        (match.group === undefined ||
          (match.group === 'odd' ? isPrivate : digits.startsWith(match.group.toLowerCase()))) &&
        (match.creator === undefined ||
          (isPrivate && creatorText(creatorOf(tag, element.dataSet)) === creatorText(match.creator))) &&
        (match.path === undefined || onPath(match.path.split('/'), pathOf(element))) &&
        (when?.modality === undefined || when.modality.includes(textIn(root, 0x00080060))) &&
        (when?.sopClass === undefined || when.sopClass.includes(textIn(root, 0x00080016)))
      );
    },
  };
}

/** Reads the rules of a profile; gives what the first that matches an element says. */
export function readRules(
  profile: DeidProfileSpec,
): (element: ReadElement, root: ReadDataSet) => RuleVerdict | undefined {
  const rules = profile.dicom.rules.map(readRule);
  return (element, root) => rules.find((rule) => rule.matches(element, root))?.verdict;
}
