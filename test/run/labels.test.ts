import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../../worker/log/log.ts';
import { runLocal } from '../../worker/run/local.ts';
import { RunError } from '../../worker/run/run-error.ts';
import { secret } from './support/fake-engine.ts';
import { makeFixture, type RunFixture } from './support/run-fixture.ts';

/** Names and bytes of everything below the folders that a run writes to. */
function written(fixture: RunFixture): string {
  const texts = ['out', 'held', 'work'].flatMap((area) =>
    readdirSync(join(fixture.root, area), { recursive: true, encoding: 'utf8' }).map((name) => {
      const path = join(fixture.root, area, name);
      return `${name}\n${statSync(path).isFile() ? readFileSync(path, 'latin1') : ''}`;
    }),
  );
  return texts.join('\n');
}

const verbs = ['ok', 'review', 'reject', 'unwanted', 'throw', 'late-throw', 'leaky-key', 'crash', 'nonsense'];

test('what stands in every object and every source key stands in no log, no key and nothing that a run writes', async () => {
  const fixture = makeFixture();
  for (const verb of [...verbs, ...verbs]) fixture.add(verb);
  const lines: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => lines.push(line) });
  const { summary } = await runLocal(
    { ...fixture.options, logLevel: 'debug', onLogLine: (line) => lines.push(line) },
    { log, signal: new AbortController().signal },
  );
  assert.equal(summary.objects, 18);
  const said = lines.join('\n');
  for (const message of ['planned', 'object done', 'object fault', 'worker died on an object', 'finished']) {
    assert.ok(said.includes(`"message":"${message}"`), `the log says: ${message}`);
  }
  for (const line of lines) assert.equal(typeof JSON.parse(line).timestamp, 'string');
  assert.ok(!said.includes(secret) && !said.includes(fixture.root), 'in the log');
  const stored = written(fixture);
  assert.ok(stored.includes('"ordinal":17'));
  assert.ok(!stored.includes(secret), 'in what was written');
  assert.ok(!JSON.stringify(summary).includes(secret), 'in the summary');
  fixture.remove();
});

test('an error of a run names no folder and no key', async () => {
  const fixture = makeFixture();
  fixture.add('ok');
  const volumes = new Map([...fixture.volumes, ['in', join(fixture.root, `${secret} nowhere`)]]);
  await assert.rejects(
    () => fixture.run({ volumes }),
    (error) =>
      error instanceof RunError && !error.message.includes(secret) && !error.message.includes(fixture.root),
  );
  fixture.remove();
});
