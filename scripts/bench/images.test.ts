/** The benchmark's objects are what its report calls them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { parseProjectKey } from '../../worker/deid/identity/project-key.ts';
import type { DataSet, Element } from '../../worker/dicom/element.ts';
import { parseObject } from '../../worker/dicom/parse.ts';
import { isPrivate } from '../../worker/dicom/tag.ts';
import { writeMultiFrame } from './data-sets.ts';
import { ctSliceMaker, smallImageMaker, tinyImageMaker } from './images.ts';

const engine = createEngine({
  profile: builtinProfiles.basic.spec,
  key: parseProjectKey(Buffer.from('a key that protects nobody: these patients are invented')),
});

function elementsOf({ elements }: DataSet): readonly Element[] {
  return elements.flatMap((element) => [
    element,
    ...(element.items ?? []).flatMap((item) => elementsOf(item.dataSet)),
  ]);
}

async function described(file: Uint8Array) {
  const { dataSet } = await parseObject(residentSource(file));
  const elements = elementsOf(dataSet);
  return {
    bytes: file.length,
    elements: elements.length,
    nested: elements.length - dataSet.elements.length,
    privates: elements.filter(({ tag }) => isPrivate(tag)).length,
  };
}

async function outcomeOf(file: Uint8Array): Promise<string> {
  return (await engine.deidentify(residentSource(file))).outcome;
}

test('a CT slice has half a megabyte, about 180 elements, nested sequences and private blocks', async () => {
  const { bytes, elements, nested, privates } = await described(ctSliceMaker(200)(3));
  assert.ok(bytes > 520_000 && bytes < 540_000, `${bytes} bytes`);
  assert.ok(elements >= 170 && elements <= 190, `${elements} elements`);
  assert.ok(nested >= 20, `${nested} nested elements`);
  assert.ok(privates >= 15, `${privates} private elements`);
});

test('a small object has about 20 kB, a tiny one less than 1 kB', async () => {
  const small = await described(smallImageMaker(500)(3));
  assert.ok(small.bytes > 19_000 && small.bytes < 22_000, `${small.bytes} bytes`);
  const tiny = await described(tinyImageMaker(1000)(3));
  assert.ok(tiny.bytes < 1000, `${tiny.bytes} bytes`);
});

test('the engine takes all of them through', async () => {
  for (const make of [ctSliceMaker(200), smallImageMaker(500), tinyImageMaker(1000)]) {
    for (const index of [0, 1, 999]) assert.equal(await outcomeOf(make(index)), 'deidentified');
  }
});

test('a maker gives the same bytes every time, and different ones for every index', () => {
  const first = ctSliceMaker(200);
  assert.deepEqual(first(7), ctSliceMaker(200)(7));
  assert.notDeepEqual(first(7), first(8));
});

test('a multi-frame object is as large as its description says, and holds all its frames', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'deid-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const written = writeMultiFrame(join(folder, 'data'), 20e6);
  const path = join(folder, 'data', 'multi-frame.dcm');
  assert.equal(written.bytes, statSync(path).size);
  assert.ok(written.bytes > 19e6 && written.bytes <= 20e6, `${written.bytes} bytes`);
  assert.equal(await outcomeOf(readFileSync(path)), 'deidentified');
});
