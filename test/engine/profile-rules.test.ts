/** A profile's own rules: they come before the table, the first that matches decides, and they do what they say. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withDefaults } from '../../crds/schema/defaults.ts';
import { type DeidProfile, type DeidProfileInput, deidProfile } from '../../crds/v1alpha1/profile.ts';
import { validateProfile } from '../../crds/validate.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { dicomFile, el, type Part, sq } from '../builders/dicom.ts';
import { elementsOf, key, type Reading, read, textOf } from './support/deidentify.ts';

type Rules = NonNullable<NonNullable<DeidProfileInput['spec']['dicom']>['rules']>;

async function underRules(rules: Rules, parts: readonly Part[], modality = 'CT'): Promise<Reading> {
  const input: DeidProfileInput = {
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidProfile',
    metadata: { name: 'mine' },
    spec: {
      dicom: {
        basis: { edition: '2026c', options: ['RetainLongitudinalModifiedDates'] },
        unlisted: 'keep',
        rules,
      },
    },
  };
  const checked = validateProfile(input);
  assert.ok(checked.ok, JSON.stringify(checked));
  const profile = withDefaults(deidProfile.node, input) as DeidProfile;
  const file = dicomFile([
    el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
    el('SOPInstanceUID', '1.2.3.4'),
    el('Modality', modality),
    ...parts,
  ]);
  const decision = await createEngine({ profile: profile.spec, key }).deidentify(residentSource(file));
  assert.ok('output' in decision, JSON.stringify(decision));
  const chunks: Uint8Array[] = [];
  for await (const chunk of decision.output.chunks()) chunks.push(Uint8Array.from(chunk));
  return read(Buffer.concat(chunks));
}

const station = el('StationName', 'CT04');
const patient = [el('PatientName', 'Quast^Anna'), el('PatientID', '4711')] as const;

describe('a rule', () => {
  it('keeps by keyword what the table removes', async () => {
    const { text } = await underRules(
      [{ match: { keyword: 'StationName' }, action: 'keep' }],
      [station, ...patient],
    );
    assert.equal(text('StationName'), 'CT04');
  });

  it('keeps no name of the patient in what it keeps', async () => {
    const { text } = await underRules(
      [{ match: { keyword: 'StudyDescription' }, action: 'keep' }],
      [el('StudyDescription', 'Zyxel of Quast'), ...patient],
    );
    assert.equal(text('StudyDescription'), 'Zyxel of');
  });

  it('removes by tag pattern, group and VR what the table keeps', async () => {
    const { element } = await underRules(
      [
        { match: { tag: '(0018,00x0)' }, action: 'remove' },
        { match: { group: '0020', vr: 'IS' }, action: 'remove' },
      ],
      [el('SliceThickness', '1.0'), el('KVP', '120'), ...patient, el('InstanceNumber', '7')],
    );
    assert.deepEqual(
      [element('SliceThickness'), element('KVP'), element('InstanceNumber')],
      [undefined, undefined, undefined],
    );
  });

  it('is asked in order', async () => {
    const { text } = await underRules(
      [
        { match: { keyword: 'StationName' }, action: { replace: 'FIRST' } },
        { match: { keyword: 'StationName' }, action: 'remove' },
      ],
      [station],
    );
    assert.equal(text('StationName'), 'FIRST');
  });

  it('looks at the path', async () => {
    const rules: Rules = [
      { match: { path: 'CTExposureSequence/**/StationName' }, action: { replace: 'NESTED' } },
    ];
    const { text, parsed } = await underRules(rules, [station, sq('CTExposureSequence', [[station]])]);
    assert.notEqual(text('StationName'), 'NESTED');
    const nested = [...elementsOf(parsed.dataSet)].filter(({ tag }) => tag === 0x00081010).at(-1);
    assert.equal(nested === undefined ? '' : textOf(nested, parsed), 'NESTED');
  });

  it('looks at modality', async () => {
    const rules: Rules = [
      { match: { keyword: 'StationName' }, when: { modality: ['MR'] }, action: { replace: 'MAGNET' } },
    ];
    assert.equal((await underRules(rules, [station], 'MR')).text('StationName'), 'MAGNET');
    assert.notEqual((await underRules(rules, [station], 'CT')).text('StationName'), 'MAGNET');
  });

  it('looks at values, and removes what matches', async () => {
    const { text } = await underRules(
      [{ match: { keyword: 'ProtocolName', value: '/room \\d+/i' }, action: { cleanMatch: true } }],
      [el('ProtocolName', 'Chest Room 12 thin')],
    );
    assert.equal(text('ProtocolName'), 'Chest  thin');
  });

  it('keeps private elements by creator, and their creator with them', async () => {
    const { text } = await underRules(
      [{ match: { creator: 'ACME 1.1' }, action: 'keep' }],
      [el('(0029,0010)', 'ACME 1.1', 'LO'), el('(0029,1001)', 'GAIN 3', 'LO')],
    );
    assert.equal(text('(0029,0010)'), 'ACME 1.1');
    assert.equal(text('(0029,1001)'), 'GAIN 3');
  });

  it('caps and generalises', async () => {
    const { text } = await underRules(
      [
        { match: { keyword: 'PatientAge' }, action: { cap: { above: 80 } } },
        { match: { keyword: 'PatientBirthDate' }, action: { generalise: { to: 'year' } } },
      ],
      [el('PatientBirthDate', '19471103'), el('PatientAge', '085Y')],
    );
    assert.equal(text('PatientAge'), '081Y');
    assert.match(text('PatientBirthDate') ?? '', /^1947/);
  });

  it('gives the pseudonym and the mapped UID where it is told to', async () => {
    const { text } = await underRules(
      [
        { match: { keyword: 'AccessionNumber' }, action: 'pseudonym' },
        { match: { keyword: 'DeviceSerialNumber' }, action: 'remove' },
      ],
      [el('AccessionNumber', 'A-1'), ...patient],
    );
    assert.equal(text('AccessionNumber'), text('PatientID'));
  });
});
