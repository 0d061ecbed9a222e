import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createReachedFolders } from './reached-folders.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'deid-reached-')));
  mkdirSync(join(root, 'a', 'b'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a folder', () => {
  it('is reached where it stands, as often as it is asked for', () => {
    const reached = createReachedFolders();
    for (let time = 0; time < 3; time++) assert.equal(reached.has(join(root, 'a', 'b')), true);
  });

  it('that is missing, or lies below a file, is not', () => {
    const reached = createReachedFolders();
    writeFileSync(join(root, 'file'), '');
    assert.equal(reached.has(join(root, 'nothing')), false);
    assert.equal(reached.has(join(root, 'file', 'b')), false);
  });

  it('behind a link is not, whether the link was there before or takes the place of what was known', () => {
    const reached = createReachedFolders();
    symlinkSync(join(root, 'a'), join(root, 'link'));
    assert.equal(reached.has(join(root, 'link', 'b')), false);
    mkdirSync(join(root, 'elsewhere', 'b'), { recursive: true });
    assert.equal(reached.has(join(root, 'a', 'b')), true);
    renameSync(join(root, 'a'), join(root, 'moved'));
    symlinkSync(join(root, 'elsewhere'), join(root, 'a'));
    assert.equal(reached.has(join(root, 'a', 'b')), false);
  });

  it('is told anew where it has gone and come again', () => {
    const reached = createReachedFolders();
    const folder = join(root, 'a', 'b');
    assert.equal(reached.has(folder), true);
    rmSync(folder, { recursive: true });
    assert.equal(reached.has(folder), false);
    mkdirSync(folder);
    assert.equal(reached.has(folder), true);
  });
});
