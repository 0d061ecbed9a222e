/**
 * The formulas of docs/identity.md once more, written from that page alone: what the key makes of a UID, of a patient and
 * of a patient's dates.
 */
import { createHmac } from 'node:crypto';

const textualKey = 'deid-key-v1:';

/** The key material of a key file. The file has been accepted before; its strength is not asked again. */
export function keyMaterial(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  const isText = bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13,
  );
  if (!isText) return bytes;
  const text = bytes.toString('latin1').replace(/[ \t\r\n]+$/, '');
  return text.startsWith(textualKey)
    ? Buffer.from(text.slice(textualKey.length), 'base64url')
    : Buffer.from(text, 'latin1');
}

/** The patient that an object is about: the fields that go into every formula. */
export type Patient = readonly [kind: 'patient' | 'study', issuer: string, id: string];

export interface PseudonymForm {
  readonly prefix: string;
  readonly length: number;
}

export interface KeyedIdentity {
  uid(original: string): string;
  pseudonym(patient: Patient, form: PseudonymForm): string;
  /** Whole days into the past. */
  days(patient: Patient, maxDays: number): number;
}

function field(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function unsigned(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

const pseudonymDigits = '346789BCDFGHJKMNPQRTVWXY';

/** NULs and spaces at both ends are no part of a UID. */
export function trimmed(text: string): string {
  return text.replace(/^[\0 ]+|[\0 ]+$/g, '');
}

/** The patient of an object; undefined where neither an ID nor a study names one. */
export function patientOf(of: {
  readonly id: string;
  readonly issuer: string;
  readonly defaultIssuer: string;
  readonly study: string;
  readonly instance: string;
}): Patient | undefined {
  const id = normal(of.id);
  if (/[\p{L}\p{N}]/u.test(id)) return ['patient', normal(of.issuer) || normal(of.defaultIssuer), id];
  const study = trimmed(of.study) || trimmed(of.instance);
  return study === '' ? undefined : ['study', '', study];
}

/** `normal(text)` of the page. */
function normal(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\p{White_Space}]+/gu, ' ')
    .replace(/^ +| +$/g, '')
    .toUpperCase()
    .normalize('NFKC');
}

/** The formulas under a key, new UIDs being under `uidRoot`. */
export function keyedIdentity(key: Uint8Array, uidRoot: string): KeyedIdentity {
  const h = (...fields: readonly string[]): Buffer =>
    createHmac('sha256', key)
      .update(Buffer.concat(fields.map(field)))
      .digest();
  const bits = Math.min(256, Math.floor((64 - uidRoot.length - 1) * Math.log2(10)));
  return {
    uid: (original) => {
      const digest = h('deid/v1/uid', trimmed(original));
      if (uidRoot !== '2.25') return `${uidRoot}.${unsigned(digest) >> BigInt(256 - bits)}`;
      const uuid = digest.subarray(0, 16);
      uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
      uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
      return `2.25.${unsigned(uuid)}`;
    },
    pseudonym: (patient, { prefix, length }) => {
      let rest = unsigned(h('deid/v1/pseudonym', ...patient));
      let digits = '';
      for (let place = 0; place < length; place++) {
        digits = `${pseudonymDigits[Number(rest % 24n)]}${digits}`;
        rest /= 24n;
      }
      return prefix + digits;
    },
    days: (patient, maxDays) =>
      1 + Number(unsigned(h('deid/v1/date-offset', ...patient).subarray(0, 16)) % BigInt(maxDays)),
  };
}
