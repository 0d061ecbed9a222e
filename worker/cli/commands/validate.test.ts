import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandIo } from '../command.ts';
import { UsageError } from '../command.ts';
import { command } from './validate.ts';

const profile = `apiVersion: deid.imaging/v1alpha1
kind: DeidProfile
metadata: { name: p }
spec:
  dicom:
    rules:
      - { match: { keyword: StudyDescription }, action: { clean: text } }
`;

/** Runs the command over standard input; gives its exit code and what it printed. */
async function run(
  input: string,
  json = false,
): Promise<{ readonly code: number; readonly printed: string }> {
  const printed: string[] = [];
  const io: CommandIo = {
    stdout: { write: (text) => printed.push(text) },
    stderr: { write: () => assert.fail('nothing goes to standard error') },
    stdin: ReadableStream.from([Buffer.from(input)]),
    isTty: false,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    now: () => new Date(0),
    randomBytes: (length) => new Uint8Array(length),
  };
  const code = await command.run({ values: json ? { json } : {}, positionals: ['-'] }, io);
  return { code, printed: printed.join('') };
}

describe('deid validate', () => {
  it('says of valid documents that they are, and exits with 0', async () => {
    assert.deepEqual(await run(profile), { code: 0, printed: '-: DeidProfile p is valid\n' });
  });

  it('prints a line per problem, with place and path, and exits with 65', async () => {
    const { code, printed } = await run(profile.replace('StudyDescription', 'StudyDescripton'));
    assert.equal(code, 65);
    assert.equal(printed, '-:7:20 spec.dicom.rules[0].match.keyword: is no keyword of PS3.6\n');
  });

  it('says nothing of valid documents where others are not', async () => {
    const { code, printed } = await run(`${profile}---\nkind: DeidProfile\n`);
    assert.equal(code, 65);
    assert.equal(printed, '-:9:1 apiVersion: is missing: it must be deid.imaging/v1alpha1\n');
  });

  it('prints the same as JSON for scripts', async () => {
    const { code, printed } = await run(`${profile}---\nkind: DeidProfile\n`, true);
    assert.equal(code, 65);
    assert.deepEqual(JSON.parse(printed), {
      ok: false,
      documents: [{ file: '-', line: 1, kind: 'DeidProfile', name: 'p' }],
      problems: [
        {
          file: '-',
          line: 9,
          column: 1,
          code: 'Missing',
          path: 'apiVersion',
          message: 'is missing: it must be deid.imaging/v1alpha1',
        },
      ],
    });
  });

  it('asks for a file', async () => {
    await assert.rejects(command.run({ values: {}, positionals: [] }, {} as CommandIo), UsageError);
  });
});
