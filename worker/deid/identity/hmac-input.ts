/** The one encoding of every HMAC input: fields with their lengths before them, so that no two lists of fields meet. */

const lengthBytes = 4;

/**
 * Encodes fields as their UTF-8 bytes, each with its number of bytes before it as a 32-bit big-endian integer. The
 * first field of every input names its purpose, which keeps the purposes apart.
 */
export function hmacInput(fields: readonly string[]): Uint8Array {
  const encoded = fields.map((field) => Buffer.from(field, 'utf8'));
  const size = encoded.reduce((sum, field) => sum + lengthBytes + field.length, 0);
  const input = Buffer.alloc(size);
  let at = 0;
  for (const field of encoded) {
    at = input.writeUInt32BE(field.length, at);
    at += field.copy(input, at);
  }
  return input;
}
