/** Numbers, bytes and terms with labels: what may stay stays to the last bit. */
import { terms } from './known-values.ts';
import { type LabelledValue, type Labelling, removed, same } from './labelling.ts';

export const numeric = new Set([
  'US',
  'SS',
  'UL',
  'SL',
  'FL',
  'FD',
  'AT',
  'SV',
  'UV',
  'OF',
  'OD',
  'OL',
  'OB',
  'OW',
  'OV',
  'UN',
]);
const sizes: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  AT: 4,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  SV: 8,
  UV: 8,
  OF: 4,
  OD: 8,
  OL: 4,
  OV: 8,
};

/** Numbers in bytes, and bytes. */
export function labelledBytes({ facts, at, code, mayStay, check }: Labelling): LabelledValue {
  const { vr } = facts;
  const { random } = at;
  const count = Math.max(1, Number(/^\d+/.exec(facts.vm)?.[0] ?? 1));
  const bytes = Buffer.from(
    Array.from({ length: (sizes[vr] ?? 8) * (vr.startsWith('O') || vr === 'UN' ? 4 : count) }, () =>
      random.below(128),
    ),
  );
  return check(bytes, (_, raw) =>
    (code === undefined || code === 'K') && mayStay
      ? [['text_retained', raw !== undefined && Buffer.compare(raw, bytes) === 0]]
      : code === undefined || code === 'C'
        ? []
        : [['text_removed', raw === undefined || !raw.equals(bytes)]],
  );
}

/** DS and IS. */
export function labelledNumber({ facts, at, code, mayStay, check }: Labelling): LabelledValue {
  const { vr } = facts;
  const { random } = at;
  const number = vr === 'DS' ? `${random.digits(3)}.${random.digits(2)}` : random.digits(5);
  const count = Math.min(6, Math.max(1, Number(/^\d+/.exec(facts.vm)?.[0] ?? 1)));
  const value = Array.from({ length: count }, () => number).join('\\');
  return check(
    value,
    (code === undefined || code === 'K') && mayStay
      ? same(value)
      : code === undefined || code === 'C'
        ? () => []
        : removed([number]),
  );
}

/** CS. */
export function labelledTerm({ facts, code, mayStay, check }: Labelling): LabelledValue {
  const value = terms[facts.keyword] ?? 'YES';
  if (mayStay && (code === undefined || code === 'K')) return check(value, same(value));
  return check(value, () => []);
}
