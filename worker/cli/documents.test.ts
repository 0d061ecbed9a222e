import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DocumentSurroundings, formatProblem, loadDocuments, parseDocuments } from './documents.ts';

const keywords = new Set(['StudyDescription', 'ContentSequence']);
const isKeyword = (keyword: string) => keywords.has(keyword);

function problemsOf(text: string): string[] {
  return parseDocuments('f.yaml', text, isKeyword).problems.map(formatProblem);
}

const profile = `apiVersion: deid.imaging/v1alpha1
kind: DeidProfile
metadata:
  name: p
spec:
  dicom:
    rules:
`;

describe('documents of a text', () => {
  it('are read one after the other, empty ones passed over, from YAML and from JSON', () => {
    const json =
      '{"apiVersion":"deid.imaging/v1alpha1","kind":"DeidProfile","metadata":{"name":"q"},"spec":{}}';
    const { documents, problems } = parseDocuments(
      'f',
      `---\n${profile}---\n# nothing\n---\n${json}\n`,
      isKeyword,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      documents.map(({ document, line }) => [document.metadata.name, line]),
      [
        ['p', 2],
        ['q', 12],
      ],
    );
  });

  it('have their defaults filled in, also where a field stands without a value', () => {
    const [first] = parseDocuments('f', profile, isKeyword).documents;
    assert.ok(first?.document.kind === 'DeidProfile');
    assert.deepEqual(first.document.spec.dicom.rules, []);
  });
});

describe('a problem', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'of a value lies at the name of its field',
      `${profile}      - { match: { keyword: StudyDescription }, action: kep }\n`,
      [
        'f.yaml:8:49 spec.dicom.rules[0].action: must be keep, remove, empty, pseudonym, remapUID, shiftDate, ' +
          '{replace: TEXT}, {clean: text}, {cleanMatch: true}, {cap: {above: N}} or ' +
          '{generalise: {to: year | month | decade}}. Did you mean keep?',
      ],
    ],
    [
      'of a missing field lies at what it is missing from',
      `${profile}      - match: { keyword: StudyDescription }\n`,
      ['f.yaml:8:9 spec.dicom.rules[0].action: is missing: it must be keep, remove, empty, pseudonym'],
    ],
    [
      'of a keyword is found by the dictionary, in paths too',
      `${profile}      - { match: { keyword: StudyDescripton }, action: keep }
      - { match: { path: ContentSequences/** }, action: keep }\n`,
      [
        'f.yaml:8:20 spec.dicom.rules[0].match.keyword: is no keyword of PS3.6',
        'f.yaml:9:20 spec.dicom.rules[1].match.path: holds a word that is no keyword of PS3.6',
      ],
    ],
    [
      'below an alias lies where the anchor says it',
      `${profile}      - { match: &m { keywrd: A }, action: keep }\n      - { match: *m, action: keep }\n`,
      [
        'f.yaml:8:23 spec.dicom.rules[0].match.keywrd: is no field of this kind. Did you mean keyword?',
        'f.yaml:8:23 spec.dicom.rules[1].match.keywrd: is no field of this kind. Did you mean keyword?',
      ],
    ],
    ['of a text without documents is one', '# nothing\n', ['f.yaml:1:1 holds no document']],
    [
      'of a field that stands twice is one',
      'kind: DeidJob\nkind: DeidJob\n',
      ['f.yaml:2:1 the field stands twice'],
    ],
    [
      'of a list instead of an object is one',
      '- a\n',
      ['f.yaml:1:1 must be an object with apiVersion and kind'],
    ],
  ];
  for (const [title, text, expected] of cases) {
    it(title, () => {
      const problems = problemsOf(text);
      assert.equal(problems.length, expected.length, problems.join('\n'));
      for (const [index, start] of expected.entries())
        assert.ok(problems[index]?.startsWith(start), problems[index]);
    });
  }

  it('never quotes what stands in the file where no word of a fixed vocabulary is meant', () => {
    const secret = 'c2VjcmV0LWtleS1tYXRlcmlhbA';
    const texts = [
      `${profile}      - { match: { creator: [${secret}] }, action: ${secret} }\n`,
      `a: &${secret} b\n${secret}: *${secret}x\n`,
      `apiVersion: ${secret}\nkind: ${secret}\n`,
      `"${secret}\n`,
      `${secret}:\n\t- ${secret}\n`,
    ];
    for (const text of texts) {
      const problems = problemsOf(text);
      assert.ok(problems.length > 0);
      assert.ok(!problems.join('\n').includes(secret), problems.join('\n'));
    }
  });

  it('of aliases that multiply is one and costs no memory', () => {
    const level = (name: string, of: string) =>
      `${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]\n`;
    const bomb = `a: &a [x, x]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}${level('e', 'd')}`;
    assert.deepEqual(problemsOf(bomb), ['f.yaml:1:1 aliases are used too often']);
  });
});

describe('files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
  });
  after(() => rm(folder, { recursive: true }));

  const surroundings = (stdin = ''): DocumentSurroundings => ({
    cwd: folder,
    stdin: ReadableStream.from([Buffer.from(stdin)]),
    isKeyword,
  });

  it('are read in order, - from standard input', async () => {
    await writeFile(join(folder, 'a.yaml'), profile);
    const { documents, problems } = await loadDocuments(['a.yaml', '-'], surroundings(profile));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      documents.map(({ file }) => file),
      ['a.yaml', '-'],
    );
  });

  it('that cannot be read, are too large or are no text are problems', async () => {
    await writeFile(join(folder, 'large'), Buffer.alloc(3 * 1024 * 1024 + 1, 32));
    await writeFile(join(folder, 'binary'), Buffer.from([0xff, 0xfe, 0x00]));
    const { problems } = await loadDocuments(['absent', 'large', 'binary'], surroundings());
    assert.deepEqual(problems.map(formatProblem), [
      'absent:1:1 cannot be read (ENOENT)',
      'large:1:1 is larger than 3 MiB, which no document is',
      'binary:1:1 is not text in UTF-8',
    ]);
  });
});
