/**
 * Private elements that may stay: those of PS3.15 Table E.3.10-1, and those that the TCIA knowledge base tells to keep or
 * to change. Keys are `gggg CREATOR ee`, the creator in capitals; a creator may hold spaces.
 */

export interface PrivateSources {
  readonly table: string;
  readonly knowledge: string;
  readonly dictionary: string;
}

/**
 * One step of a path in the knowledge base: `(gggg,"CREATOR",ee)`; quotes are doubled as in CSV, and the first one of a
 * row is often missing.
 */
const step = /\(([0-9a-f]{4}),"{0,2}([^"(]*)"{0,2},([0-9a-f]{2})\)/gi;

function keyOf(group: string, creator: string, element: string): string {
  return `${group.toLowerCase()} ${creator.trim().toUpperCase()} ${element.toLowerCase()}`;
}

/** Dispositions that let something of the element stay: keep, hash, offset (a date, or seconds since 1970). */
const staying: ReadonlySet<string> = new Set(['k', 'h', 'o', 'oi']);

/** VRs that the knowledge base has no say over: bytes of unknown meaning, long text, names. */
const neverKept: ReadonlySet<string> = new Set(['UN', 'OB', 'OW', 'LT', 'ST', 'UT', 'PN']);

export function privateTable({ table, knowledge, dictionary }: PrivateSources): unknown {
  const { rows } = JSON.parse(table) as { rows: readonly Readonly<Record<string, string>>[] };
  const safe = new Set<string>();
  const vrs = new Map<string, string>();
  for (const row of rows) {
    const parts = /^\((\w{4}),xx(\w{2})\)$/.exec(row['Data Element'] ?? '');
    if (parts === null) throw new Error('Table E.3.10-1 has a row of another form');
    const key = keyOf(parts[1] ?? '', row['Private Creator'] ?? '', parts[2] ?? '');
    safe.add(key);
    if (/^[A-Z]{2}$/.test(row.VR ?? '')) vrs.set(key, row.VR ?? '');
  }
  /** Element and VR -> dispositions. */
  const known = new Map<string, Set<string>>();
  /** Private sequences that hold something that stays. */
  const around = new Set<string>();
  for (const line of knowledge.split(/\r?\n/).slice(1)) {
    const cells = /^(.*),([A-Z]{2})?,\s*([a-z]*)\s*$/i.exec(line);
    if (cells === null) continue;
    const [, path = '', vr = '', word = ''] = cells;
    const disposition = word.toLowerCase();
    const steps = [...path.matchAll(step)].map(([, group = '', creator = '', element = '']) =>
      keyOf(group, creator, element),
    );
    const own = steps.at(-1);
    if (own === undefined || /^\S{4} {2}\S{2}$/.test(own) || !staying.has(disposition)) continue;
    if (disposition === 'k' && neverKept.has(vr)) continue;
    known.set(`${own} ${vr}`, (known.get(`${own} ${vr}`) ?? new Set()).add(disposition));
    for (const sequence of steps.slice(0, -1)) around.add(sequence);
    if (!vrs.has(own) && vr !== '' && vr !== 'UN') vrs.set(own, vr);
  }
  for (const line of dictionary.split('\n')) {
    const cells = /^\(([0-9a-f]{4}),"([^"]+)",([0-9a-f]{2})\)\s+([A-Z]{2})\s/i.exec(line);
    if (cells === null) continue;
    const key = keyOf(cells[1] ?? '', cells[2] ?? '', cells[3] ?? '');
    if (!vrs.has(key) && /^[A-Z]{2}$/.test(cells[4] ?? '')) vrs.set(key, cells[4] ?? '');
  }
  return {
    safe: [...safe].sort(),
    known: [...known].map(([key, words]) => `${key} ${[...words].sort().join(',')}`).sort(),
    around: [...around].sort(),
    vrs: [...vrs].map(([key, vr]) => `${key} ${vr}`).sort(),
  };
}
