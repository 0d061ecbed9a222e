import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { eventually } from '../kube/api-server-under-test.ts';
import { makeVanishingFolder } from './vanishing-folder.ts';

test('it goes when it is removed', async () => {
  const folder = await makeVanishingFolder('vanishing-');
  await writeFile(join(folder.path, 'file'), '');
  await folder.remove();
  assert.ok(!existsSync(folder.path));
});

test('it goes when the process that made it is killed', async () => {
  const script = `
    import { makeVanishingFolder } from ${JSON.stringify(import.meta.resolve('./vanishing-folder.ts'))};
    console.log((await makeVanishingFolder('vanishing-')).path);
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [path] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  assert.match(path, /vanishing-/);
  await eventually('the folder is gone', () => !existsSync(path.trim()));
});

test('a process that ends without removing it ends', async () => {
  const script = `
    import { makeVanishingFolder } from ${JSON.stringify(import.meta.resolve('./vanishing-folder.ts'))};
    await makeVanishingFolder('vanishing-');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
