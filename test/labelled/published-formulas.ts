/** The formulas of `docs/identity.md`, written again from that page: what a new identifier must be. */
import { createHmac } from 'node:crypto';

export interface Formulas {
  uid(original: string): string;
  pseudonym(issuer: string, id: string): string;
  /** Whole days by which the patient's dates move into the past. */
  days(issuer: string, id: string): number;
}

const digits = '346789BCDFGHJKMNPQRTVWXY';

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** `normal` of ASCII identifiers. */
function normal(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toUpperCase();
}

export function formulasOf(key: Buffer, maxDays: number, length: number): Formulas {
  const h = (...fields: readonly string[]): Buffer => {
    const mac = createHmac('sha256', key);
    for (const field of fields) {
      const bytes = Buffer.from(field);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(bytes.length);
      mac.update(size).update(bytes);
    }
    return mac.digest();
  };
  return {
    uid: (original) => {
      const bytes = h('deid/v1/uid', original).subarray(0, 16);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return `2.25.${numberOf(bytes)}`;
    },
    pseudonym: (issuer, id) => {
      let rest = numberOf(h('deid/v1/pseudonym', 'patient', normal(issuer), normal(id)));
      let text = '';
      for (let index = 0; index < length; index++) {
        text = `${digits[Number(rest % 24n)]}${text}`;
        rest /= 24n;
      }
      return text;
    },
    days: (issuer, id) => {
      const bytes = h('deid/v1/date-offset', 'patient', normal(issuer), normal(id)).subarray(0, 16);
      return 1 + Number(numberOf(bytes) % BigInt(maxDays));
    },
  };
}

/** `YYYYMMDD` moved by whole days into the past. */
export function movedDate(date: string, days: number): string {
  const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  return new Date(at - days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
}
