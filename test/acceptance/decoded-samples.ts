/**
 * Compares decoded samples of two files: gdcmconv (Debian package libgdcm-tools) decodes both, the outside reader reads what
 * it wrote. Planes above the stored bits are left aside: they are no samples.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeTo } from './outside-tools.ts';
import { readTopLevel, type TopLevel } from './top-level-elements.ts';

/** `undecodable` where the tool decodes neither file, for example because it lacks the codec. */
export type SamplesCompared = 'identical' | 'different' | 'undecodable';

const bitsAllocated = '00280100';
const bitsStored = '00280101';
const highBit = '00280102';
const pixelData = '7FE00010';

function numberAt(file: TopLevel, tag: string): number {
  const value = Buffer.from(file.elements.get(tag)?.value ?? new Uint8Array(2));
  return value.length >= 2 ? value.readUInt16LE(0) : 0;
}

/** The decoded samples, little endian, bits that are not stored cleared; undefined where they cannot be had. */
async function samplesOf(file: string, folder: string): Promise<Buffer | undefined> {
  const decoded = join(folder, 'decoded.dcm');
  if (!(await decodeTo(file, decoded))) return undefined;
  const content = readTopLevel(await readFile(decoded));
  const value = content?.elements.get(pixelData)?.value;
  if (content === undefined || value === undefined) return undefined;
  const samples = Buffer.from(value);
  if (numberAt(content, bitsAllocated) !== 16) return samples;
  const stored = numberAt(content, bitsStored);
  const mask = ((1 << stored) - 1) << (numberAt(content, highBit) + 1 - stored);
  for (let at = 0; at + 1 < samples.length; at += 2) {
    samples.writeUInt16LE(samples.readUInt16LE(at) & mask & 0xffff, at);
  }
  return samples;
}

/** Whether the samples of `output` are those of one of the `inputs`. */
export async function compareSamples(output: string, inputs: readonly string[]): Promise<SamplesCompared> {
  const folder = await mkdtemp(join(tmpdir(), 'deid-samples-'));
  try {
    const ours = await samplesOf(output, folder);
    let couldDecode = ours !== undefined;
    for (const input of inputs) {
      const theirs = await samplesOf(input, folder);
      couldDecode ||= theirs !== undefined;
      if (ours !== undefined && theirs !== undefined && ours.equals(theirs)) return 'identical';
    }
    return couldDecode ? 'different' : 'undecodable';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
