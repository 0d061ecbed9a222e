import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { parseObject } from '../../worker/dicom/parse.ts';
import { studySet } from './study.ts';

test('every file of the set is a sound object whose elements ascend', async () => {
  for (const { bytes } of studySet()) {
    const { dataSet, dataSetEnd } = await parseObject(residentSource(bytes));
    const tags = dataSet.elements.map((element) => element.tag);
    assert.deepEqual(
      tags,
      [...new Set(tags)].sort((a, b) => a - b),
    );
    assert.equal(dataSetEnd, bytes.length);
  }
});

test('paths and bytes are the same every time, and no two files are', () => {
  const [one, other] = [studySet(), studySet()];
  assert.deepEqual(one, other);
  assert.equal(new Set(one.map(({ path }) => path)).size, one.length);
  assert.equal(new Set(one.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).size, one.length);
});
