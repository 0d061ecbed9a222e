/** Checks what an output says of itself: its header, and its statements about de-identification. */
import type { EngineRecord } from '../engine.ts';
import type { Finding } from '../verifier.ts';
import type { ReadProfile } from './expectation.ts';
import { elementIn, type ReadDataSet, trim } from './read-element.ts';
import type { ReadHead } from './read-file.ts';
import { textIn } from './values.ts';

/** Codes of CID 7050 by option (PS3.16). */
const methodCodes: Readonly<Record<string, string>> = {
  CleanGraphics: '113103',
  CleanStructuredContent: '113104',
  CleanDescriptors: '113105',
  RetainLongitudinalFullDates: '113106',
  RetainLongitudinalModifiedDates: '113107',
  RetainPatientCharacteristics: '113108',
  RetainDeviceIdentity: '113109',
  RetainUIDs: '113110',
  RetainSafePrivate: '113111',
  RetainInstitutionIdentity: '113112',
};
const basicProfile = '113100';
const safePrivate = '113111';
const longitudinal = { remove: 'REMOVED', shift: 'MODIFIED', keep: 'UNMODIFIED' } as const;

/** Group 2 of an output: what PS3.10 requires and the name of the implementation, nothing else. */
const metaTags = new Set([0x20000, 0x20001, 0x20002, 0x20003, 0x20010, 0x20012, 0x20013]);

/** Preamble and File Meta Information. `source` is the header of the object as it was. */
export function checkHead(head: ReadHead, root: ReadDataSet, source: ReadHead): Finding | undefined {
  if (head.preamble === undefined) return { reason: 'VerificationUnreadable' };
  if (head.preamble.some((byte) => byte !== 0)) return { reason: 'VerificationForbiddenAttribute' };
  const stray = [...head.meta.keys()].find((tag) => !metaTags.has(tag));
  if (stray !== undefined) return { reason: 'VerificationForbiddenAttribute', at: '(0002,xxxx)' };
  const length = head.meta.get(0x20000);
  if (length?.length !== 4 || length.readUInt32LE() !== head.dataSetStart - 144)
    return { reason: 'VerificationUnreadable', at: '(0002,0000)' };
  const meta = (tag: number): string => trim(head.meta.get(tag)?.toString('latin1') ?? '');
  if (meta(0x20002) !== textIn(root, 0x00080016)) return { reason: 'VerificationUid', at: '(0002,0002)' };
  if (meta(0x20003) !== textIn(root, 0x00080018)) return { reason: 'VerificationUid', at: '(0002,0003)' };
  return head.transferSyntax === source.transferSyntax
    ? undefined
    : { reason: 'VerificationStatement', at: '(0002,0010)' };
}

/** Patient Identity Removed, De-identification Method, its codes, Longitudinal Temporal Information Modified. */
export function checkStatements(
  root: ReadDataSet,
  { options, dates }: ReadProfile,
  record: EngineRecord,
): Finding | undefined {
  const wrong = (at: string): Finding => ({ reason: 'VerificationStatement', at });
  if (textIn(root, 0x00120062) !== 'YES') return wrong('(0012,0062)');
  if (textIn(root, 0x00120063) === '') return wrong('(0012,0063)');
  const codes = (elementIn(root, 0x00120064)?.items ?? []).map((item) => textIn(item, 0x00080100));
  const expected = [basicProfile, ...[...options].map((option) => methodCodes[option] ?? '')].filter(
    (code) => code !== safePrivate || codes.includes(code),
  );
  const isSame = (one: readonly string[], other: readonly string[]): boolean =>
    [...one].sort().join(' ') === [...other].sort().join(' ');
  if (!isSame(codes, expected) || !isSame(codes, record.methods)) return wrong('(0012,0064)');
  const keepsPrivate = root.elements.some(({ tag }) => (tag & 0x10000) !== 0 && (tag & 0xffff) > 0xff);
  if (options.has('RetainSafePrivate') && keepsPrivate && !codes.includes(safePrivate))
    return wrong('(0012,0064)');
  return textIn(root, 0x00280303) === longitudinal[dates] ? undefined : wrong('(0028,0303)');
}
