/** CRC-32 (ISO-HDLC) as S3 writes it, and the CRC-32 of joined pieces from those of the pieces. */

const polynomial = 0xedb88320;

/** Four bytes, big endian, in base64. */
export function crc32Base64(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

/** The CRC that S3's text stands for. */
export function crc32Of(base64: string): number {
  return Buffer.from(base64, 'base64').readUInt32BE();
}

/** Product of two polynomials over GF(2) modulo the CRC's, both with the lowest power in the highest bit. */
function product(a: number, b: number): number {
  let sum = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) sum ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ polynomial;
  }
  return sum >>> 0;
}

/** x to the power of 8 times `bytes`. */
function shiftOf(bytes: number): number {
  let power = 0x80000000;
  let square = 0x00800000;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = product(square, power);
    square = product(square, square);
  }
  return power;
}

/** The CRC-32 of two pieces one after the other; `secondBytes` is the length of the second. */
export function joinCrc32(first: number, second: number, secondBytes: number): number {
  return (product(shiftOf(secondBytes), first) ^ second) >>> 0;
}
