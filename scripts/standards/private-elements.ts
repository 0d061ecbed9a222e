/**
 * What is known of private elements: those that PS3.15 Table E.3.10-1 or the TCIA knowledge base call safe, with what
 * has to be done to them, and the VRs of known ones. Removal is the default and is not written down.
 */

/** Sources as text. */
export interface PrivateSources {
  readonly safe: string;
  readonly knowledgeBase: string;
  readonly gdcm: string;
}

/** One row of the knowledge base: the last step of its path, and what it says. */
export interface KnowledgeRow {
  readonly group: string;
  readonly creator: string;
  /** Low byte of the element number, two hexadecimal digits. */
  readonly element: string;
  readonly isNested: boolean;
  readonly vr: string;
  readonly disposition: string;
  /** The private sequence right around it, as `GROUP CREATOR ELEMENT` with tabs. */
  readonly parent?: string;
}

/** Splits a CSV line whose quoting may be broken: a field ends at a comma outside quotes, or at the line's end. */
function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === '"' && quoted && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}

/** `(gggg,"CREATOR",ee)` at the end of a path; the opening quote of the creator may be missing. */
const lastStep = /^.*\(([0-9a-f]{4}),"?([^"]*)"?,([0-9a-f]{2,4})\)$/i;
/** What stands between an element's step and that of the sequence around it. */
const itemStep = /\[<\d+>\]$/;

/** Reads the knowledge base; rows whose path does not end in a private element are left out. */
export function parseKnowledgeBase(csv: string): readonly KnowledgeRow[] {
  const [, ...lines] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line) => {
    if (line.trim() === '') return [];
    const [path = '', , vr = '', disposition = ''] = csvFields(line);
    const step = lastStep.exec(path.trim());
    if (step === null) return [];
    const [, group = '', creator = '', element = ''] = step;
    return [
      {
        group: group.toUpperCase(),
        creator: creator.trim().toUpperCase(),
        element: element.slice(-2).toUpperCase(),
        isNested: path.includes('['),
        vr: vr.trim().toUpperCase(),
        disposition: disposition.trim().toLowerCase(),
        ...parentOf(path.trim()),
      },
    ];
  });
}

/** The key of the private sequence around the last step; nothing where it is a standard one, or there is none. */
function parentOf(path: string): { readonly parent?: string } {
  const before = path.slice(0, path.lastIndexOf('](') + 1).replace(itemStep, '');
  const [, group = '', creator = '', element = ''] = lastStep.exec(before) ?? [];
  if (creator === '') return {};
  return {
    parent: [group.toUpperCase(), creator.trim().toUpperCase(), element.slice(-2).toUpperCase()].join('\t'),
  };
}

const numericVrs: ReadonlySet<string> = new Set([
  'US',
  'SS',
  'UL',
  'SL',
  'FL',
  'FD',
  'DS',
  'IS',
  'SV',
  'UV',
  'OF',
  'OD',
]);
const cleanedVrs: ReadonlySet<string> = new Set(['LO', 'SH', 'CS', 'AS', 'UC']);

/** What the knowledge base's word means for a value of a VR. Bytes and long text are never kept on its word alone. */
function actionOf(disposition: string, vr: string): string {
  switch (disposition) {
    case 'k':
      if (vr === 'SQ') return 'recurse';
      if (vr === 'UI') return 'mapUid';
      if (vr === 'DA' || vr === 'DT' || vr === 'TM') return 'shiftDate';
      if (numericVrs.has(vr)) return 'keep';
      return cleanedVrs.has(vr) ? 'clean' : 'remove';
    case 'h':
      return vr === 'UI' || vr === 'LO' || vr === 'SH' || vr === 'UN' ? 'mapUid' : 'remove';
    case 'o':
      return 'shiftDate';
    case 'oi':
      return 'shiftUnixTime';
    default:
      return 'remove';
  }
}

/** Agreement of several rows: the one action they name, else removal. */
function agreed(actions: readonly string[]): string {
  const [first = 'remove'] = actions;
  return actions.every((action) => action === first) ? first : 'remove';
}

function safeRows(json: string): readonly (readonly string[])[] {
  const { rows } = JSON.parse(json) as { rows: readonly Readonly<Record<string, string>>[] };
  return rows.map((row) => {
    const [, group = '', element = ''] =
      /^\(([0-9A-F]{4}),xx([0-9A-F]{2})\)$/i.exec(row['Data Element'] ?? '') ?? [];
    return [
      group.toUpperCase(),
      (row['Private Creator'] ?? '').trim().toUpperCase(),
      element.toUpperCase(),
      row.VR ?? '',
    ];
  });
}

function gdcmVrs(xml: string): readonly (readonly string[])[] {
  const entries = xml.match(/<entry [^>]*>/g) ?? [];
  const attribute = (entry: string, name: string): string =>
    new RegExp(`${name}="([^"]*)"`).exec(entry)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return entries.flatMap((entry) => {
    const element = /^xx([0-9a-f]{2})$/i.exec(attribute(entry, 'element'))?.[1];
    const vr = attribute(entry, 'vr');
    if (element === undefined || !/^[A-Z]{2}$/.test(vr) || vr === 'UN') return [];
    const creator = attribute(entry, 'owner').trim().toUpperCase();
    return [[attribute(entry, 'group').toUpperCase(), creator, element.toUpperCase(), vr]];
  });
}

export function privateData(sources: PrivateSources): unknown {
  const safe = safeRows(sources.safe);
  const knowledge = Map.groupBy(
    parseKnowledgeBase(sources.knowledgeBase).filter(({ creator }) => creator !== ''),
    ({ group, creator, element, vr }) => [group, creator, element, vr].join('\t'),
  );
  const known = [...knowledge].flatMap(([key, rows]) => {
    const vr = key.split('\t')[3] ?? '';
    const actions = (isNested: boolean): readonly string[] =>
      rows.filter((row) => row.isNested === isNested).map(({ disposition }) => actionOf(disposition, vr));
    const root = agreed(actions(false));
    const nested = actions(true).length === 0 ? root : agreed(actions(true));
    return root === 'remove' && nested === 'remove' ? [] : [`${key}\t${root}\t${nested}`];
  });
  // A sequence that the knowledge base has no word on is entered for the sake of what it calls safe inside.
  const silent = new Map<string, string>();
  for (const rows of knowledge.values()) {
    for (const { parent, disposition, vr } of rows) {
      if (parent === undefined || knowledge.has(`${parent}\tSQ`) || actionOf(disposition, vr) === 'remove')
        continue;
      silent.set(parent, `${parent}\tSQ\trecurse\trecurse`);
    }
  }
  const vrs = new Map<string, string>();
  const noteVr = (row: readonly string[]): void => {
    const key = row.slice(0, 3).join('\t');
    // `OW/OB` leaves a choice that implicit encodings answer with OW (PS3.5 section A.1).
    const [vr = ''] = (row[3] ?? '').split('/');
    if (!vrs.has(key) && /^[A-Z]{2}$/.test(vr)) vrs.set(key, vr);
  };
  for (const row of [...safe, ...gdcmVrs(sources.gdcm)]) noteVr(row);
  for (const key of knowledge.keys()) if (!/\t(?:UN|OB)$/.test(key)) noteVr(key.split('\t'));
  return {
    source:
      'PS3.15 Table E.3.10-1 2026c; TCIA Private Tag Knowledge Base 2024-02-01 (CC BY); GDCM dictionary (BSD-3-Clause)',
    safe: safe.map((row) => row.join('\t')),
    known: [...known, ...silent.values()],
    vrs: [...vrs].map(([key, vr]) => `${key}\t${vr}`),
  };
}
