/** The tables of a conformance statement: which attributes are treated how, and what stands in place of values. */
import type { DeidProfileSpec, DeidRule } from '../../crds/v1alpha1/profile.ts';
import { normaliseAction, type RuleAction } from '../../crds/v1alpha1/rule-action.ts';
import { textDummy } from '../deid/dummy.ts';
import { isVr, vrFacts } from '../dicom/vr.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { type SupplementRow, supplement } from '../profile/supplement.ts';
import { type ResolvedCode, resolveCode } from '../profile/table-actions.ts';
import { type ConfidentialityOption, confidentialityRows } from '../standards/confidentiality-table.ts';
import { lookup, tagOfKeyword } from '../standards/dictionary.ts';
import { isModalityTerm } from '../standards/modalities.ts';
import { uidFacts } from '../standards/uids.ts';
import type { Table } from './document.ts';

/** What the codes of Table E.1-1 come to (PS3.15 Table E.1-1a), by the attribute's Type where several are offered. */
export const codeMeanings: Readonly<Record<ResolvedCode['code'], string>> = {
  X: 'Removed; a dummy where the IOD requires a value (Type 1), no value where it may be empty (Type 2)',
  Z: 'Emptied; a dummy where the IOD requires a value (Type 1 or 1C)',
  D: 'Replaced by a dummy; the items of a sequence stay and every value in them becomes one',
  U: 'Replaced by the UID that the project key gives',
  'X/Z': 'Removed, emptied or replaced by a dummy, by the Type of the attribute in its IOD',
  'X/D': 'Removed, emptied or replaced by a dummy, by the Type of the attribute in its IOD',
  'Z/D': 'Emptied or replaced by a dummy, by the Type of the attribute in its IOD',
  'X/Z/D': 'Removed, emptied or replaced by a dummy, by the Type of the attribute in its IOD',
  'X/Z/U*': 'Kept and entered; UIDs in it are replaced by those that the project key gives',
  K: 'Kept; text in it is searched for identifying values, and ages are capped',
  C: 'Cleaned, as the option says',
};

/** `(0010,0010)`, `(60xx,3000)`. */
function tagText(pattern: string): string {
  return pattern === 'odd' ? '(odd group)' : `(${pattern.slice(0, 4)},${pattern.slice(4)})`;
}

function keywordOf(pattern: string): string {
  if (pattern === 'odd') return 'private attributes';
  return lookup(Number.parseInt(pattern.replaceAll('x', '0'), 16))?.keyword ?? '';
}

/** Every row of Table E.1-1 with the code that is in force under the options. */
export function tableInForce(options: ReadonlySet<ConfidentialityOption>): Table {
  return {
    kind: 'table',
    caption: 'Attributes of Table E.1-1 and the code in force',
    folded: true,
    columns: [
      { heading: 'Tag', kind: 'code' },
      { heading: 'Attribute', kind: 'text' },
      { heading: 'Basic profile', kind: 'text' },
      { heading: 'In force', kind: 'text' },
      { heading: 'By option', kind: 'text' },
    ],
    rows: confidentialityRows.map((row) => {
      const { code, option = '' } = resolveCode(row, options);
      return [tagText(row.pattern), keywordOf(row.pattern), row.basic, code, option];
    }),
  };
}

/** How many rows of Table E.1-1 have which code in force. */
export function codesInForce(options: ReadonlySet<ConfidentialityOption>): Table {
  const counts = new Map<ResolvedCode['code'], number>();
  for (const row of confidentialityRows) {
    const { code } = resolveCode(row, options);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return {
    kind: 'table',
    caption: 'Rows of Table E.1-1 by the code in force',
    columns: [
      { heading: 'Code', kind: 'text' },
      { heading: 'Rows', kind: 'count' },
      { heading: 'What happens', kind: 'text' },
    ],
    rows: [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([code, count]): [string, number, string] => [code, count, codeMeanings[code]]),
    total: ['Sum', confidentialityRows.length, ''],
  };
}

/** Keywords of the rows that an option keeps. */
export function keptUnder(option: ConfidentialityOption): readonly string[] {
  return confidentialityRows
    .filter(({ options }) => options[option] === 'K')
    .map(({ pattern }) => keywordOf(pattern));
}

const supplementCodes = {
  X: 'removed; emptied or a dummy where the IOD asks for it',
  Z: 'emptied; a dummy where the IOD asks for a value',
  C: 'cleaned as text',
} as const;

/** Attributes beyond Table E.1-1. Free text among them is the profile's `unlisted` business where that is an allow-list. */
export function supplementInForce({ options, unlisted }: CompiledProfile): Table {
  const done = ({ code, keptUnder: option }: SupplementRow): string => {
    if (option !== undefined && options.has(option)) return `kept under ${option}`;
    if (code === 'C' && unlisted !== 'keep')
      return 'cleaned as text where it stays; otherwise as what is not listed';
    return supplementCodes[code];
  };
  return {
    kind: 'table',
    caption: 'Attributes that Table E.1-1 lacks and that are treated like its own',
    folded: true,
    columns: [
      { heading: 'Attribute', kind: 'text' },
      { heading: 'What happens', kind: 'text' },
      { heading: 'Reason', kind: 'text' },
    ],
    rows: supplement.map((row) => [row.keyword, done(row), row.reason]),
  };
}

/** A constant for each VR of text. */
export function dummyValues(): Table {
  return {
    kind: 'table',
    caption: 'Dummy values by Value Representation',
    columns: [
      { heading: 'VR', kind: 'text' },
      { heading: 'Dummy', kind: 'code' },
    ],
    rows: Object.keys(vrFacts)
      .filter(isVr)
      .flatMap((vr): [string, string][] => {
        const dummy = textDummy(vr);
        return dummy === undefined ? [] : [[vr, dummy]];
      }),
  };
}

const wildcards: ReadonlySet<string> = new Set(['*', '**']);

/** Words of a rule are shown only where the standard has them: a person may have written anything else. */
function pathText(path: string): string {
  return path
    .split('/')
    .map((step) => {
      const isShown =
        wildcards.has(step) ||
        /^\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)$/.test(step) ||
        tagOfKeyword(step) !== undefined;
      return isShown ? step : '(not shown)';
    })
    .join('/');
}

function matchText({ match }: DeidRule): string {
  const { tag, keyword, vr, group, creator, path, value } = match;
  return [
    ...(tag === undefined ? [] : [`tag ${tag}`]),
    ...(keyword === undefined
      ? []
      : [`keyword ${tagOfKeyword(keyword) === undefined ? '(not shown)' : keyword}`]),
    ...(vr === undefined ? [] : [`VR ${vr}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
    ...(creator === undefined ? [] : ['a private creator (not shown)']),
    ...(path === undefined ? [] : [`path ${pathText(path)}`]),
    ...(value === undefined ? [] : ['a value pattern (not shown)']),
  ].join(', ');
}

function whenText({ when }: DeidRule): string {
  const modalities = (when?.modality ?? []).map((term) => (isModalityTerm(term) ? term : '(not shown)'));
  const classes = (when?.sopClass ?? []).map((uid) => uidFacts(uid)?.name ?? '(not shown)');
  const words = [...modalities, ...classes];
  return words.length === 0 ? 'all' : words.join(', ');
}

function actionText(action: RuleAction): string {
  switch (action.kind) {
    case 'keep':
      return 'kept; sequences are entered';
    case 'remove':
      return 'removed';
    case 'empty':
      return 'emptied';
    case 'pseudonym':
      return "replaced by the patient's pseudonym";
    case 'remapUID':
      return 'replaced by the UID that the project key gives';
    case 'shiftDate':
      return "moved by the patient's number of days";
    case 'replace':
      return 'replaced by a text of the profile (not shown)';
    case 'clean':
      return 'cleaned as text';
    case 'cleanMatch':
      return 'cleaned of what the value pattern matches';
    case 'cap':
      return `capped above ${action.above}`;
    case 'generalise':
      return `cut to the ${action.to}`;
    default:
      return action satisfies never;
  }
}

/** The profile's own rules, without the words that somebody may have put into them. */
export function ruleTable(rules: DeidProfileSpec['dicom']['rules']): Table {
  return {
    kind: 'table',
    caption: 'Rules of the profile in order; the first that matches decides',
    columns: [
      { heading: 'Rule', kind: 'text' },
      { heading: 'Elements', kind: 'text' },
      { heading: 'In objects', kind: 'text' },
      { heading: 'What happens', kind: 'text' },
    ],
    rows: rules.map((rule, index) => [
      `rule ${index}`,
      matchText(rule),
      whenText(rule),
      actionText(normaliseAction(rule.action)),
    ]),
  };
}
