import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { commandTable } from '../../worker/cli/command-table.ts';
import { type Desk, deid, jobDocument, makeDesk } from './support/deid.ts';

describe('a command line that is wrong', () => {
  const refusals: readonly (readonly [readonly string[], RegExp])[] = [
    [['rune'], /no such command; did you mean run\?/],
    [['quite-something-else'], /no such command; see deid --help/],
    [['run', '--volum', 'a=b'], /the option --volum is unknown; did you mean --volume\?/],
    [['run', '-q'], /the option -q is unknown/],
    [['run', '--key-file'], /an option lacks its value/],
    [['run', '--json=yes', '-f', 'job.yaml'], /an option lacks its value, or has one that it does not take/],
    [['run'], /--file is missing/],
    [['run', '-f', 'job.yaml'], /--key-file is missing/],
    [['run', '-f', 'job.yaml', '--volume', 'in'], /--volume takes NAME=DIR/],
    [['run', '-f', 'job.yaml', '--volume', 'in=a', '--volume', 'in=b'], /--volume names a claim twice/],
    [['run', '-f', 'job.yaml', '--key-file', 'key', '--workers', '0'], /--workers takes a number from 1/],
    [
      ['run', '-f', 'job.yaml', '--key-file', 'key', '--log-level', 'loud'],
      /--log-level takes error, warn, info, debug/,
    ],
    [['process', '-f', 'job.yaml', '--key-file', 'key', '--shard', '-1'], /./],
    [['why', 'study'], /name a run and the ordinal/],
    [['why', 'study', 'x', '--work-area', 'work'], /name a run and the ordinal/],
    [['status'], /--work-area/],
    [['key', 'make', 'k'], /say new or check/],
    [['explain', 'a', 'b'], /name one file/],
    [['validate'], /name at least one file/],
  ];
  let desk: Desk;
  before(async () => {
    desk = await makeDesk();
  });
  after(() => desk.remove());

  for (const [args, words] of refusals) {
    it(`is told what is, and how the command goes: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await deid(args, { cwd: desk.folder });
      assert.equal(code, exitCodes.Usage.code);
      assert.equal(stdout, '');
      const [line = '', usage = 'Usage: deid '] = stderr.trimEnd().split('\n');
      assert.match(line, /^deid: /);
      assert.match(line, words);
      assert.match(usage, /^Usage: deid /);
    });
  }
});

describe('a step that cannot be done', () => {
  let desk: Desk;
  before(async () => {
    desk = await makeDesk();
    desk.put('in/a', 'not an image');
    desk.put('short', 'x'.repeat(31));
    desk.put('other.yaml', jobDocument('profileRef: { builtin: nosuch }'));
    desk.put(
      'fingerprint.yaml',
      jobDocument(
        'profileRef: { builtin: basic }\n  key: { secretRef: { name: k, key: k }, fingerprint: "0123456789abcdef" }',
        'other',
      ),
    );
    desk.put('two.yaml', `${jobDocument()}---\n${jobDocument()}`);
    desk.put('binary', Uint8Array.of(0xff, 0xfe, 0));
    await deid(['run', ...desk.job, ...desk.key], { cwd: desk.folder });
    await deid(['key', 'new', 'key2'], { cwd: desk.folder });
    desk.put('changed.yaml', jobDocument('profileRef: { builtin: basic }'));
  });
  after(() => desk.remove());

  const volumes = [
    '--volume',
    'in=in',
    '--volume',
    'out=out',
    '--volume',
    'held=held',
    '--volume',
    'work=work',
  ];
  const run = ['run', '-f', 'job.yaml', ...volumes];
  const refusals: readonly (readonly [string, readonly string[], keyof typeof exitCodes, RegExp])[] = [
    [
      'a document that is wrong',
      ['run', '-f', 'other.yaml', ...volumes, '--key-file', 'key'],
      'BadConfiguration',
      /other\.yaml:9:\d+ spec\.profileRef\.builtin: /,
    ],
    [
      'a document that is not there',
      ['run', '-f', 'nowhere.yaml', ...volumes, '--key-file', 'key'],
      'BadConfiguration',
      /nowhere\.yaml:1:1 cannot be read \(ENOENT\)/,
    ],
    [
      'a document that is no text',
      ['run', '-f', 'binary', ...volumes, '--key-file', 'key'],
      'BadConfiguration',
      /binary:1:1 is not text in UTF-8/,
    ],
    [
      'two jobs',
      ['run', '-f', 'two.yaml', ...volumes, '--key-file', 'key'],
      'BadConfiguration',
      /hold 2 DeidJobs; exactly one/,
    ],
    [
      'a claim without a folder',
      ['run', '-f', 'job.yaml', '--volume', 'in=in', '--key-file', 'key'],
      'BadConfiguration',
      /give --volume out=DIR/,
    ],
    [
      'areas in one folder',
      [
        'run',
        '-f',
        'job.yaml',
        ...volumes.map((text) => text.replace('out=out', 'out=in/out')),
        '--key-file',
        'key',
      ],
      'OverlappingAreas',
      /spec\.source and spec\.destination/,
    ],
    [
      'a key file that is not there',
      [...run, '--key-file', 'nowhere'],
      'KeyUnusable',
      /cannot be read \(ENOENT\)/,
    ],
    ['a key file that is a folder', [...run, '--key-file', 'in'], 'KeyUnusable', /cannot be read/],
    ['a key that is too short', [...run, '--key-file', 'short'], 'KeyUnusable', /32 bytes/],
    [
      'a key that is not the one of the job',
      ['run', '-f', 'fingerprint.yaml', ...volumes, '--key-file', 'key'],
      'KeyUnusable',
      /fingerprint/,
    ],
    [
      'a key that is not the one of the run',
      [...run, '--key-file', 'key2'],
      'KeyUnusable',
      /another project key/,
    ],
    [
      'a job that was begun with another profile',
      ['run', '-f', 'changed.yaml', ...volumes, '--key-file', 'key'],
      'RunMismatch',
      /another profile/,
    ],
    [
      'a shard that is not there',
      ['process', ...run.slice(1), '--key-file', 'key', '--shard', '99'],
      'NoSuchRun',
      /no shard 99/,
    ],
    [
      'a run that is not there',
      ['status', 'nosuch', '--work-area', 'work'],
      'NoSuchRun',
      /no run of that id or job/,
    ],
    [
      'an object that is not there',
      ['why', 'study', '99', '--work-area', 'work'],
      'NoSuchRun',
      /no object of that ordinal/,
    ],
    [
      'a source key that is not there',
      ['locate', 'study', '99', '--work-area', 'work', '--key-file', 'key'],
      'NoSuchRun',
      /no object of that ordinal/,
    ],
    [
      'a work area that is not there',
      ['status', '--work-area', 'nowhere'],
      'NoSuchRun',
      /folder of --work-area/,
    ],
    [
      'a file to explain that is not there',
      ['explain', 'nowhere', '--profile', 'basic'],
      'BadConfiguration',
      /cannot be read/,
    ],
    [
      'a profile that is not there',
      ['explain', 'in/a', '--profile', 'nowhere.yaml'],
      'BadConfiguration',
      /nowhere\.yaml:1:1 cannot be read/,
    ],
    ['a key file that exists', ['key', 'new', 'key'], 'KeyUnusable', /never overwritten/],
    ['a key to check that is too short', ['key', 'check', 'short'], 'KeyUnusable', /32 bytes/],
  ];
  for (const [what, args, exit, words] of refusals) {
    it(`for ${what} says so in one line, with ${exit}`, async () => {
      const { code, stdout, stderr } = await deid(args, { cwd: desk.folder });
      assert.equal(code, exitCodes[exit].code, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /^deid: [^\n]+\n$/);
      assert.match(stderr, words);
    });
  }
});

describe('help', () => {
  it('is there for the program, for exit codes and for every command', async () => {
    const overview = await deid(['--help']);
    assert.equal(overview.code, 0);
    const codes = await deid(['help', 'exit-codes']);
    for (const { code } of Object.values(exitCodes))
      assert.match(codes.stdout, new RegExp(`^ +${code}  `, 'm'));
    for (const { name, summary, load } of commandTable) {
      assert.ok(overview.stdout.includes(summary), name);
      const { command } = await load();
      assert.deepEqual([command.name, command.summary], [name, summary]);
      for (const args of [
        [name, '--help'],
        ['help', name],
        [name, 'x', '-h'],
      ]) {
        const { code, stdout } = await deid(args);
        assert.equal(code, 0);
        assert.match(stdout, new RegExp(`^deid ${name}: `));
        for (const option of Object.keys(command.options))
          assert.ok(stdout.includes(`--${option}`), `${name} --${option}`);
      }
    }
  });

  it('is what the program says without a command, as a wrong command line', async () => {
    const { code, stdout } = await deid([]);
    assert.equal(code, exitCodes.Usage.code);
    assert.match(stdout, /^deid de-identifies/);
  });
});

describe('a new key', () => {
  it('is for its owner alone, and has the fingerprint that a check shows', async () => {
    const desk = await makeDesk();
    const made = await deid(['key', 'new', 'fresh'], { cwd: desk.folder });
    const checked = await deid(['key', 'check', 'fresh'], { cwd: desk.folder });
    assert.match(made.stdout, /^[0-9a-f]{16}\n$/);
    assert.equal(checked.stdout, made.stdout);
    const file = join(desk.folder, 'fresh');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!made.stdout.includes(readFileSync(file, 'utf8').trim()));
    desk.remove();
  });
});

describe('deid map', () => {
  const lines = 'A-1\nA-1^^^HOSP\n\n1.2.3.4\n1.2.840.10008.1.2\n^^^HOSP\n,"x"\n';

  it('gives new identifiers for old ones as CSV, UIDs of the standard as they are, and says what names nobody', async () => {
    const desk = await makeDesk();
    const { code, stdout, stderr } = await deid(['map', ...desk.key], { cwd: desk.folder, stdin: lines });
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^A-1,(\w{12})\nA-1\^\^\^HOSP,(?!\1)\w{12}\n1\.2\.3\.4,2\.25\.\d+\n1\.2\.840\.10008\.1\.2,1\.2\.840\.10008\.1\.2\n",""x""",\w{12}\n$/,
    );
    assert.equal(stderr, 'deid: 1 lines name nobody and were left out\n');
    const again = await deid(['map', ...desk.key, '--json'], { cwd: desk.folder, stdin: 'A-1\n' });
    assert.equal(JSON.parse(again.stdout).new, stdout.split('\n')[0]?.split(',')[1]);
    desk.remove();
  });

  it('follows the UID root and the pseudonyms of a profile', async () => {
    const desk = await makeDesk();
    desk.put(
      'p.yaml',
      'apiVersion: deid.imaging/v1alpha1\nkind: DeidProfile\nmetadata: { name: p }\nspec:\n  dicom:\n    uidRoot: 1.2.826.0.1\n    patientIdentity: { pseudonym: { prefix: "S-", length: 10 } }\n',
    );
    const { stdout } = await deid(['map', ...desk.key, '--profile', 'p.yaml'], {
      cwd: desk.folder,
      stdin: '1.2.3.4\nA\n',
    });
    assert.match(stdout, /^1\.2\.3\.4,1\.2\.826\.0\.1\.\d+\nA,S-\w{8,10}\n$/);
    desk.remove();
  });
});
