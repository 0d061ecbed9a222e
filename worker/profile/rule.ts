/**
 * A profile's own rules, compiled: ordered, the first that matches wins, asked before the standard's table.
 * A rule sees one element at its place; it never sees another object.
 */
import type { DeidRule } from '../../crds/v1alpha1/profile.ts';
import { normaliseAction } from '../../crds/v1alpha1/rule-action.ts';
import { groupOf, isPrivate, parseTag, type Tag } from '../dicom/tag.ts';
import type { Vr } from '../dicom/vr.ts';
import { lookup, tagOfKeyword } from '../standards/dictionary.ts';
import type { Action } from './action.ts';

/** What a rule may look at. `value` is decoded text, asked for only by rules with a value pattern. */
export interface RuleSubject {
  readonly tag: Tag;
  readonly vr: Vr;
  /** Tags of the enclosing sequences from the root. */
  readonly path: readonly Tag[];
  /** Private creator of the element's block. */
  readonly creator: string | undefined;
  readonly modality: string | undefined;
  readonly sopClass: string | undefined;
  value(): string | undefined;
}

/** A compiled rule. */
export interface CompiledRule {
  /** Place in the profile, from 0. */
  readonly index: number;
  readonly action: Action;
  matches(subject: RuleSubject): boolean;
}

type Test = (subject: RuleSubject) => boolean;

/** `(0019,xx0C)`: x stands for any digit; group and element are compared under a mask. */
function tagTest(pattern: string): Test {
  const digits = pattern.replace(/[(),]/g, '').toLowerCase();
  const mask = Number.parseInt(digits.replace(/[0-9a-f]/g, 'f').replace(/x/g, '0'), 16) >>> 0;
  const bits = Number.parseInt(digits.replace(/x/g, '0'), 16) >>> 0;
  return ({ tag }) => (tag & mask) >>> 0 === bits;
}

function groupTest(group: string): Test {
  if (group === 'odd') return ({ tag }) => isPrivate(tag);
  const number = Number.parseInt(group, 16);
  return ({ tag }) => groupOf(tag) === number;
}

function normalisedCreator(creator: string): string {
  return creator.trim().toUpperCase();
}

/** A segment of a path pattern: a keyword, a tag, `*` for one level, `**` for any number of levels. */
type PathSegment =
  | { readonly kind: 'tag'; readonly tag: Tag }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' };

function pathSegment(text: string): PathSegment {
  if (text === '**') return { kind: 'any' };
  if (text === '*') return { kind: 'one' };
  const tag = parseTag(text) ?? tagOfKeyword(text);
  return tag === undefined ? { kind: 'tag', tag: -1 } : { kind: 'tag', tag };
}

function pathMatches(
  segments: readonly PathSegment[],
  path: readonly Tag[],
  segmentIndex: number,
  pathIndex: number,
): boolean {
  const segment = segments[segmentIndex];
  if (segment === undefined) return pathIndex === path.length;
  if (segment.kind === 'any') {
    for (let next = pathIndex; next <= path.length; next++) {
      if (pathMatches(segments, path, segmentIndex + 1, next)) return true;
    }
    return false;
  }
  if (pathIndex >= path.length) return false;
  if (segment.kind === 'tag' && segment.tag !== path[pathIndex]) return false;
  return pathMatches(segments, path, segmentIndex + 1, pathIndex + 1);
}

function pathTest(pattern: string): Test {
  const segments = pattern.split('/').map(pathSegment);
  return ({ path, tag }) => pathMatches(segments, [...path, tag], 0, 0);
}

/** Reads `/source/flags`. */
export function parsePattern(text: string): RegExp {
  const end = text.lastIndexOf('/');
  const flags = text.slice(end + 1);
  return new RegExp(text.slice(1, end), flags.includes('g') ? flags : `${flags}g`);
}

function valueTest(pattern: RegExp): Test {
  return (subject) => {
    const value = subject.value();
    if (value === undefined) return false;
    pattern.lastIndex = 0;
    return pattern.test(value);
  };
}

function compileAction(rule: DeidRule): Action {
  const action = normaliseAction(rule.action);
  switch (action.kind) {
    case 'remapUID':
      return { kind: 'mapUid' };
    case 'clean':
      return { kind: 'clean' };
    case 'cleanMatch':
      return { kind: 'cleanMatch', pattern: parsePattern(rule.match.value ?? '/(?:)/') };
    default:
      return action;
  }
}

/** True where the dictionary knows the keyword that a rule names. */
export function isKnownKeyword(keyword: string): boolean {
  return tagOfKeyword(keyword) !== undefined;
}

/** Compiles the rule at `index`; the document has been validated. */
export function compileRule(rule: DeidRule, index: number): CompiledRule {
  const { match, when } = rule;
  const tests: Test[] = [];
  if (match.tag !== undefined) tests.push(tagTest(match.tag));
  if (match.keyword !== undefined) {
    const keyword = match.keyword;
    tests.push(({ tag }) => lookup(tag)?.keyword === keyword);
  }
  if (match.vr !== undefined) {
    const { vr } = match;
    tests.push((subject) => subject.vr === vr);
  }
  if (match.group !== undefined) tests.push(groupTest(match.group));
  if (match.creator !== undefined) {
    const creator = normalisedCreator(match.creator);
    tests.push((subject) => subject.creator !== undefined && normalisedCreator(subject.creator) === creator);
  }
  if (match.path !== undefined) tests.push(pathTest(match.path));
  if (when?.modality !== undefined) {
    const modalities = new Set(when.modality);
    tests.push(({ modality }) => modality !== undefined && modalities.has(modality));
  }
  if (when?.sopClass !== undefined) {
    const classes = new Set(when.sopClass);
    tests.push(({ sopClass }) => sopClass !== undefined && classes.has(sopClass));
  }
  if (match.value !== undefined) tests.push(valueTest(parsePattern(match.value)));
  return { index, action: compileAction(rule), matches: (subject) => tests.every((test) => test(subject)) };
}
