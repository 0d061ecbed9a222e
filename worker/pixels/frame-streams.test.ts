import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fragment } from '../dicom/element.ts';
import type { Codec } from '../standards/transfer-syntaxes.ts';
import { frameStreams, isTrueTable } from './frame-streams.ts';

/** Fragments of ten bytes each, the first at 100. */
function fragmentsOf(count: number): readonly Fragment[] {
  return Array.from({ length: count }, (_, index) => {
    const start = 100 + index * 18;
    return { start, valueStart: start + 8, valueEnd: start + 18 };
  });
}

const beginJpeg = Uint8Array.of(0xff, 0xd8, 0xff);
const inside = Uint8Array.of(0x12, 0x34, 0x56);

/** How many fragments each frame has; `begins` says which fragments begin a code stream. */
async function counts(
  fragments: number,
  frames: number,
  {
    offsets = [],
    begins = [],
    codec = 'jpeg',
  }: { offsets?: number[]; begins?: number[]; codec?: Codec } = {},
): Promise<readonly number[] | undefined> {
  const all = fragmentsOf(fragments);
  const groups = await frameStreams({
    fragments: all,
    offsets,
    frames,
    codec,
    begin: async (fragment) => (begins.includes(all.indexOf(fragment)) ? beginJpeg : inside),
  });
  return groups?.map((group) => group.length);
}

describe('the fragments of a frame', () => {
  it('are all of them where there is one frame, or a video', async () => {
    assert.deepEqual(await counts(3, 1), [3]);
    assert.deepEqual(await counts(3, 500, { codec: 'mpeg4' }), [3]);
  });

  it('are one where there are as many fragments as frames', async () => {
    assert.deepEqual(await counts(3, 3), [1, 1, 1]);
  });

  it('are told by the offset table', async () => {
    assert.deepEqual(await counts(4, 2, { offsets: [0, 18] }), [1, 3]);
  });

  it('are told by how code streams begin where there is no table', async () => {
    assert.deepEqual(await counts(5, 2, { begins: [0, 3] }), [3, 2]);
  });

  it('are not guessed', async () => {
    assert.equal(await counts(4, 2, { offsets: [0, 19] }), undefined, 'an offset between fragments');
    assert.equal(await counts(4, 2, { offsets: [18, 36] }), undefined, 'a table that leaves out the first');
    assert.equal(await counts(4, 2, { begins: [1, 2] }), undefined, 'a first fragment that begins nothing');
    assert.equal(await counts(4, 2, { codec: 'rle' }), undefined, 'streams without a signature');
  });
});

describe('an offset table', () => {
  const fragments = fragmentsOf(3);

  it('is true where it is empty or names starts of fragments in order', () => {
    for (const offsets of [[], [0], [0, 18], [0, 36], [0, 18, 36]]) {
      assert.ok(isTrueTable(offsets.length * 4, offsets, fragments));
    }
  });

  it('is none where it names other places, or has bytes left over', () => {
    assert.ok(!isTrueTable(8, [0, 20], fragments));
    assert.ok(!isTrueTable(8, [18, 0], fragments));
    assert.ok(!isTrueTable(8, [0, 0], fragments));
    assert.ok(!isTrueTable(6, [0], fragments));
  });
});
