/**
 * The baseline: reads each file, takes SHA-256 of what it read and of what it writes, and writes it. Files that fit are
 * read whole, larger ones in pieces. `bare-loop.ts SOURCE TARGET`
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { mirroredFiles } from './folders.ts';

const wholeBytes = 16 * 1024 * 1024;
const pieceBytes = 4 * 1024 * 1024;

function copyWhole(from: string, to: string): void {
  const bytes = readFileSync(from);
  createHash('sha256').update(bytes).digest('hex');
  createHash('sha256').update(bytes).digest('hex');
  writeFileSync(to, bytes);
}

function copyInPieces(from: string, to: string): void {
  const input = openSync(from, 'r');
  const output = openSync(to, 'wx');
  const inputHash = createHash('sha256');
  const outputHash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (let count = readSync(input, piece); count > 0; count = readSync(input, piece)) {
    const bytes = piece.subarray(0, count);
    inputHash.update(bytes);
    outputHash.update(bytes);
    writeSync(output, bytes);
  }
  inputHash.digest('hex');
  outputHash.digest('hex');
  closeSync(input);
  closeSync(output);
}

const [source = '', target = ''] = process.argv.slice(2);
for (const file of mirroredFiles(source, target)) {
  const from = join(source, file);
  const copy = statSync(from).size <= wholeBytes ? copyWhole : copyInPieces;
  copy(from, join(target, file));
}
