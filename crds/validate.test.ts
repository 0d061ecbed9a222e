import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { frozenCopy } from './schema/frozen-copy.ts';
import type { DeidJobInput } from './v1alpha1/job.ts';
import { checkRules, validateDocument, validateJob, validateProfile } from './validate.ts';

const apiVersion = 'deid.imaging/v1alpha1';

function profile(spec: unknown): unknown {
  return { apiVersion, kind: 'DeidProfile', metadata: { name: 'p' }, spec };
}

function profileOfRules(...rules: readonly unknown[]): unknown {
  return profile({ dicom: { rules } });
}

const volume = (claimName: string, path?: string) => ({
  volume: path === undefined ? { claimName } : { claimName, path },
});

const bucket = (name: string, prefix?: string) => ({
  s3: prefix === undefined ? { bucket: name } : { bucket: name, prefix },
});

const smallestJob: DeidJobInput = {
  apiVersion,
  kind: 'DeidJob',
  metadata: { name: 'j' },
  spec: {
    profileRef: { builtin: 'basic' },
    source: volume('raw', 'in'),
    destination: volume('out'),
    quarantine: volume('raw', 'held'),
    workArea: volume('raw', 'work'),
  },
};

function job(change: Readonly<Record<string, unknown>>): unknown {
  return { ...smallestJob, spec: { ...smallestJob.spec, ...change } };
}

/** Code and path of each problem, a line each. */
function found(value: unknown): string[] {
  const validated = validateDocument(value);
  return validated.ok ? [] : validated.problems.map(({ code, path }) => `${code} ${path}`);
}

function hintOf(value: unknown): string | undefined {
  const validated = validateDocument(value);
  return validated.ok ? undefined : validated.problems[0]?.hint;
}

describe('a document', () => {
  it('of either kind may be as short as its defaults allow', () => {
    assert.deepEqual(found(smallestJob), []);
    assert.deepEqual(found(profile({})), []);
  });

  it('may put every area into S3, each under a key of its own', () => {
    const written = (prefix: string) => ({
      ...bucket('abc', prefix),
      encryption: { kmsKeyId: `alias/${prefix}` },
    });
    const s3Job = job({
      source: {
        s3: {
          bucket: 'raw',
          region: 'eu-central-1',
          requesterPays: true,
          expectedBucketOwner: '123456789012',
        },
      },
      destination: written('out'),
      quarantine: written('held'),
      workArea: {
        s3: { bucket: 'abc', prefix: 'work', endpoint: 'http://[::1]:9000/x', forcePathStyle: true },
      },
    });
    assert.deepEqual(found(s3Job), []);
  });

  it('is handed back complete and is not changed', () => {
    const given = frozenCopy(smallestJob);
    const validated = validateJob(given);
    assert.ok(validated.ok);
    const { spec } = validated.document;
    assert.deepEqual(spec.source, {
      volume: { claimName: 'raw', path: 'in' },
      select: { formats: ['dicom'], include: [], exclude: [] },
    });
    assert.deepEqual(spec.shards, { targetBytes: '4Gi', max: 2000 });
    assert.equal(spec.parallelism, 4);
    assert.deepEqual(validateJob(validated.document), validated);
  });

  it('may carry any labels, annotations and what a cluster adds to metadata', () => {
    const metadata = {
      name: 'a.b-c',
      labels: { 'kueue.x-k8s.io/queue-name': 'imaging' },
      annotations: { note: 'x'.repeat(5000) },
      uid: 'u',
      managedFields: [{}],
    };
    assert.deepEqual(found({ ...smallestJob, metadata }), []);
  });

  it('is validated whatever it is, without an exception', () => {
    const frame = fc.record({
      apiVersion: fc.constant(apiVersion),
      kind: fc.constantFrom('DeidJob', 'DeidProfile'),
    });
    const documents = fc
      .tuple(frame, fc.object({ key: fc.constantFrom('spec', 'metadata', 'dicom', 'rules', 'match', 'x') }))
      .map(([head, body]) => ({ ...body, ...head }));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), documents), (value) => {
        validateDocument(value);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('wrong documents are refused with code and path', () => {
  const rule = { match: { keyword: 'StudyDescription' }, action: 'keep' };
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['no object', [], ['NotADocument ']],
    ['no apiVersion', { kind: 'DeidJob' }, ['Missing apiVersion']],
    [
      'another version',
      { apiVersion: 'deid.imaging/v2', kind: 'DeidJob' },
      ['UnsupportedVersion apiVersion'],
    ],
    ['no kind', { apiVersion }, ['Missing kind']],
    ['another kind', { apiVersion, kind: 'toString' }, ['UnknownKind kind']],
    ['no metadata', { apiVersion, kind: 'DeidProfile', spec: {} }, ['Missing metadata']],
    ['a long name', { ...smallestJob, metadata: { name: 'n'.repeat(41) } }, ['Invalid metadata.name']],
    ['a field beside spec', { ...smallestJob, data: {} }, ['UnknownField data']],
    ['a misspelt field', job({ paralellism: 2 }), ['UnknownField spec.paralellism']],
    [
      'a manifest without a key',
      job({ source: { ...volume('raw', 'in'), manifest: { format: 'csv' } } }),
      ['Missing spec.source.manifest.key'],
    ],
    [
      'a manifest that leads elsewhere',
      job({ source: { ...volume('raw', 'in'), manifest: { key: '../list', format: 'xml' } } }),
      ['Invalid spec.source.manifest.key', 'Invalid spec.source.manifest.format'],
    ],
    ['an area that lies nowhere', job({ destination: {} }), ['Missing spec.destination']],
    [
      'an area that lies in two places',
      job({ destination: { ...volume('out'), ...bucket('out') } }),
      ['Conflict spec.destination'],
    ],
    [
      'areas in one folder of a bucket',
      job({ destination: bucket('results', 'a'), quarantine: bucket('results', 'a/b') }),
      ['OverlappingAreas spec.quarantine.s3'],
    ],
    [
      'encryption of a folder',
      job({ destination: { ...volume('out'), encryption: { kmsKeyId: 'k' } } }),
      ['Conflict spec.destination.encryption'],
    ],
    [
      'encryption of the source',
      job({ source: { ...bucket('raw'), encryption: { kmsKeyId: 'k' } } }),
      ['UnknownField spec.source.encryption'],
    ],
    ['a bucket in capitals', job({ destination: bucket('OUT') }), ['Invalid spec.destination.s3.bucket']],
    [
      'a climbing prefix',
      job({ destination: bucket('out', '../x') }),
      ['Invalid spec.destination.s3.prefix'],
    ],
    [
      'an endpoint that is no URL, or holds credentials',
      job({
        destination: { s3: { bucket: 'out', endpoint: 's3.example.org' } },
        quarantine: { s3: { bucket: 'held', endpoint: 'https://name:word@s3.example.org' } },
      }),
      ['Invalid spec.destination.s3.endpoint', 'Invalid spec.quarantine.s3.endpoint'],
    ],
    [
      'who pays for writing',
      job({ destination: { s3: { bucket: 'out', requesterPays: true } } }),
      ['UnknownField spec.destination.s3.requesterPays'],
    ],
    [
      'an owner that is no account',
      job({ source: { s3: { bucket: 'raw', expectedBucketOwner: '1234' } } }),
      ['Invalid spec.source.s3.expectedBucketOwner'],
    ],
    [
      'slides',
      job({ source: { ...volume('raw', 'in'), select: { formats: ['slide'] } } }),
      ['Unsupported spec.source.select.formats[0]'],
    ],
    [
      'containers of worker pods',
      job({ worker: { containers: [{ name: 'mine', image: 'mine' }] } }),
      ['UnknownField spec.worker.containers'],
    ],
    ['a negative retry', job({ retry: -1 }), ['Invalid spec.retry']],
    ['an envelope key', job({ key: { kms: {} } }), ['Unsupported spec.key.kms']],
    ['pixel rules', profile({ pixels: { text: {} } }), ['Unsupported spec.pixels.text']],
    ['documents cleaned', profile({ documents: 'clean' }), ['Unsupported spec.documents']],
    [
      'reidentification',
      profile({ reidentification: { mode: 'vault' } }),
      ['Unsupported spec.reidentification'],
    ],
    ['two profiles', job({ profileRef: { name: 'a', builtin: 'basic' } }), ['Conflict spec.profileRef']],
    ['no profile', job({ profileRef: {} }), ['Missing spec.profileRef']],
    ['an unknown profile', job({ profileRef: { builtin: 'stric' } }), ['Invalid spec.profileRef.builtin']],
    ['no work area', job({ workArea: undefined }), ['Missing spec.workArea']],
    ['a leading slash', job({ destination: volume('out', '/a') }), ['Invalid spec.destination.volume.path']],
    [
      'a climbing path',
      job({ destination: volume('out', 'a/../..') }),
      ['Invalid spec.destination.volume.path'],
    ],
    ['a fraction of a worker', job({ parallelism: 1.5 }), ['Invalid spec.parallelism']],
    ['no worker', job({ parallelism: 0 }), ['Invalid spec.parallelism']],
    ['a wrong quantity', job({ shards: { targetBytes: '4 GB' } }), ['Invalid spec.shards.targetBytes']],
    [
      'a wrong share',
      job({ failurePolicy: { maxRejected: '105%' } }),
      ['Invalid spec.failurePolicy.maxRejected'],
    ],
    [
      'an unknown edition',
      profile({ dicom: { basis: { edition: '2019a' } } }),
      ['Invalid spec.dicom.basis.edition'],
    ],
    [
      'both date options',
      profile({
        dicom: { basis: { options: ['RetainLongitudinalFullDates', 'RetainLongitudinalModifiedDates'] } },
      }),
      ['Conflict spec.dicom.basis.options'],
    ],
    [
      'an option twice',
      profile({ dicom: { basis: { options: ['RetainUIDs', 'RetainUIDs'] } } }),
      ['Invalid spec.dicom.basis.options'],
    ],
    [
      'a shift of no day',
      profile({ dicom: { dates: { shiftDays: { maxDays: 0 } } } }),
      ['Invalid spec.dicom.dates.shiftDays.maxDays'],
    ],
    [
      'a short pseudonym',
      profile({ dicom: { patientIdentity: { pseudonym: { length: 7 } } } }),
      ['Invalid spec.dicom.patientIdentity.pseudonym.length'],
    ],
    [
      'a backslash in the prefix',
      profile({ dicom: { patientIdentity: { pseudonym: { prefix: 'a\\b' } } } }),
      ['Invalid spec.dicom.patientIdentity.pseudonym.prefix'],
    ],
    ['a root that is none', profile({ dicom: { uidRoot: '1.02' } }), ['Invalid spec.dicom.uidRoot']],
    [
      'a long root',
      profile({ dicom: { uidRoot: '1.2.3456789012345678901234' } }),
      ['Invalid spec.dicom.uidRoot'],
    ],
    ['a rule without match', profileOfRules({ action: 'keep' }), ['Missing spec.dicom.rules[0].match']],
    [
      'a rule that matches nothing said',
      profileOfRules(rule, { match: {}, action: 'keep' }),
      ['Missing spec.dicom.rules[1].match'],
    ],
    [
      'a misspelt match',
      profileOfRules({ match: { keywords: 'A' }, action: 'keep' }),
      ['UnknownField spec.dicom.rules[0].match.keywords'],
    ],
    [
      'a tag without brackets',
      profileOfRules({ ...rule, match: { tag: '0010,0010' } }),
      ['Invalid spec.dicom.rules[0].match.tag'],
    ],
    [
      'a group read as a number',
      profileOfRules({ ...rule, match: { group: 19 } }),
      ['Invalid spec.dicom.rules[0].match.group'],
    ],
    [
      'a path with an empty step',
      profileOfRules({ ...rule, match: { path: 'A//B' } }),
      ['Invalid spec.dicom.rules[0].match.path'],
    ],
    [
      'a pattern without slashes',
      profileOfRules({ ...rule, match: { value: 'MRN' } }),
      ['Invalid spec.dicom.rules[0].match.value'],
    ],
    [
      'a pattern that is none',
      profileOfRules({ ...rule, match: { value: '/(/' } }),
      ['Invalid spec.dicom.rules[0].match.value'],
    ],
    [
      'flags that contradict',
      profileOfRules({ ...rule, match: { value: '/a/ii' } }),
      ['Invalid spec.dicom.rules[0].match.value'],
    ],
    [
      'a pattern that matches everything',
      profileOfRules({ ...rule, match: { value: '/x*/' } }),
      ['Invalid spec.dicom.rules[0].match.value'],
    ],
    [
      'cleanMatch without a pattern',
      profileOfRules({ ...rule, action: { cleanMatch: true } }),
      ['Missing spec.dicom.rules[0].match.value'],
    ],
    [
      'cleanMatch turned off',
      profileOfRules({ match: { value: '/a/' }, action: { cleanMatch: false } }),
      ['Invalid spec.dicom.rules[0].action.cleanMatch'],
    ],
    [
      'an unknown word',
      profileOfRules({ ...rule, action: 'redact' }),
      ['Invalid spec.dicom.rules[0].action'],
    ],
    [
      'an unknown key',
      profileOfRules({ ...rule, action: { redact: 1 } }),
      ['Invalid spec.dicom.rules[0].action'],
    ],
    ['no action', profileOfRules({ match: rule.match }), ['Missing spec.dicom.rules[0].action']],
    [
      'an empty replacement',
      profileOfRules({ ...rule, action: { replace: '' } }),
      ['Invalid spec.dicom.rules[0].action.replace'],
    ],
    [
      'two actions',
      profileOfRules({ ...rule, action: { replace: 'A', clean: 'text' } }),
      ['UnknownField spec.dicom.rules[0].action.clean'],
    ],
    [
      'a part of an action',
      profileOfRules({ ...rule, action: { cap: { over: 89 } } }),
      ['Missing spec.dicom.rules[0].action.cap.above', 'UnknownField spec.dicom.rules[0].action.cap.over'],
    ],
    [
      'a unit that is none',
      profileOfRules(rule, { ...rule, action: { generalise: { to: 'day' } } }),
      ['Invalid spec.dicom.rules[1].action.generalise.to'],
    ],
    [
      'a SOP class that is no UID',
      profileOfRules({ ...rule, when: { sopClass: ['CT'] } }),
      ['Invalid spec.dicom.rules[0].when.sopClass[0]'],
    ],
  ];
  for (const [title, value, expected] of cases) it(title, () => assert.deepEqual(found(value), expected));

  it('all problems at once, each in its place', () => {
    const value = job({ parallelism: 'many', key: { kms: {} }, profileRef: { builtin: 'none' } });
    assert.deepEqual(found(value).sort(), [
      'Invalid spec.parallelism',
      'Invalid spec.profileRef.builtin',
      'Unsupported spec.key.kms',
    ]);
  });
});

describe('hints', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['name the field that was meant', job({ paralellism: 2 }), 'Did you mean parallelism?'],
    ['name the kind that was meant', { apiVersion, kind: 'deidjob' }, 'Did you mean DeidJob?'],
    [
      'name the action that was meant',
      profileOfRules({ match: { vr: 'PN' }, action: 'remapUid' }),
      'Did you mean remapUID?',
    ],
    [
      'tell of quotes',
      profileOfRules({ match: { group: 19 }, action: 'keep' }),
      'Put it in quotes, or it is read as a number.',
    ],
    [
      'say what to do about what is not there yet',
      job({ key: { kms: {} } }),
      'This version does not support it; remove it.',
    ],
  ];
  for (const [title, value, hint] of cases) it(title, () => assert.equal(hintOf(value), hint));
});

describe('rules', () => {
  it('may use every form of match and action', () => {
    const value = profileOfRules(
      { match: { tag: '(0019,xx0C)', creator: 'SIEMENS MR HEADER' }, action: 'keep' },
      { match: { vr: 'PN', path: 'ContentSequence/**' }, action: { replace: 'ANON' } },
      { match: { value: '/MRN\\s*\\d+/i' }, action: { cleanMatch: true }, when: { modality: ['MR', 'CT'] } },
      { match: { group: 'odd' }, action: 'remove' },
      { match: { group: '0019' }, action: 'empty' },
      { match: { keyword: 'PatientAge' }, action: { cap: { above: 89 } } },
      { match: { keyword: 'StudyDate' }, action: { generalise: { to: 'year' } } },
      { match: { path: '(0040,A730)/*/TextValue' }, action: { clean: 'text' } },
      {
        match: { keyword: 'PatientID' },
        action: 'pseudonym',
        when: { sopClass: ['1.2.840.10008.5.1.4.1.1.2'] },
      },
      { match: { vr: 'UI' }, action: 'remapUID' },
      { match: { vr: 'DA' }, action: 'shiftDate' },
    );
    assert.deepEqual(found(value), []);
  });

  it('are checked for keywords by whoever has the dictionary', () => {
    const validated = validateProfile(
      profileOfRules(
        { match: { keyword: 'StudyDescription' }, action: 'keep' },
        { match: { keyword: 'StudyDescripton' }, action: 'keep' },
        { match: { path: '**/StudyDescription/(0040,A730)/*' }, action: 'keep' },
        { match: { path: 'Content/**' }, action: 'keep' },
      ),
    );
    assert.ok(validated.ok);
    const problems = checkRules(validated.document.spec.dicom.rules, (word) => word === 'StudyDescription');
    assert.deepEqual(
      problems.map(({ code, path }) => `${code} ${path}`),
      ['UnknownKeyword spec.dicom.rules[1].match.keyword', 'UnknownKeyword spec.dicom.rules[3].match.path'],
    );
  });
});
