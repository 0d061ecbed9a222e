/**
 * What an engine remembers changes nothing: objects of many classes, patients and profiles come out of an engine that has
 * seen others before as they come out of one that has seen none.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import type { Engine } from '../../worker/engine.ts';
import { dicomFile, el, type Part, sq, tag } from '../builders/dicom.ts';
import { studySet } from '../builders/study.ts';
import { key } from './support/deidentify.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const classes = [ct, '1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.88.33', '1.2.3.4'];
/** The last is of bytes that no declared character set explains. */
const names = ['GRUENSPECHT^MAELINA', 'QUASTEN^ORLA', 'HEAD^AXIAL', Buffer.of(0xc5, 0xb7, 0xd1, 0xf4)];
const texts = [
  'seen by Dr. Gruenspecht',
  'QUASTEN',
  'HEAD',
  'chest 20260131',
  'AXIAL',
  '123456789',
  '17.5',
  'Musterstadt',
];

const tags = [
  ...[
    '(0008,0008)',
    '(0008,0050)',
    '(0008,0080)',
    '(0008,1030)',
    '(0008,103E)',
    '(0010,21B0)',
    '(0018,0015)',
  ],
  ...[
    '(0018,1000)',
    '(0018,1030)',
    '(0020,4000)',
    '(0028,0030)',
    '(0032,1060)',
    '(0040,0254)',
    '(4008,0300)',
  ],
] as const;

type Values = Readonly<Record<string, string | Uint8Array>>;

/** Parts in the order of their tags. */
function inOrder(
  values: Values,
  more: readonly (readonly [name: string, part: Part])[] = [],
): readonly Part[] {
  return [...Object.entries(values).map(([name, value]) => [name, el(name, value)] as const), ...more]
    .sort(([a], [b]) => tag(a) - tag(b))
    .map(([, part]) => part);
}

/** Values for a few attributes, chosen so that what is one object's name is another one's term. */
const values = fc.dictionary(fc.constantFrom(...tags), fc.constantFrom(...texts), { maxKeys: 6 });

const object: fc.Arbitrary<Uint8Array> = fc
  .record({
    SOPClassUID: fc.constantFrom(...classes),
    PatientName: fc.constantFrom(...names),
    PatientID: fc.constantFrom('4711', '123456789'),
    ContrastBolusRoute: fc.constantFrom(...texts),
    StudyDate: fc.constantFrom('20260131', '19991231'),
    SpecificCharacterSet: fc.constantFrom('', 'ISO_IR 100', 'ISO_IR 192'),
    animal: fc.constantFrom({}, { PatientSpeciesDescription: 'dog', ResponsiblePerson: '' }),
    more: values,
    inside: values,
    code: fc.constantFrom({}, { CodingSchemeDesignator: 'DCM' }),
  })
  .map(({ animal, more, inside, code, ...of }) => {
    const uids = { SOPInstanceUID: '1.2.3.4.5', StudyInstanceUID: '1.2.3', SeriesInstanceUID: '1.2.3.1' };
    const meaning = { ...code, CodeMeaning: 'Quasten view' };
    const sequence = (name: string, item: Values) => [name, sq(name, [inOrder(item)])] as const;
    return dicomFile(
      inOrder({ ...of, ...animal, ...more, ...uids }, [
        sequence('AnatomicRegionSequence', meaning),
        sequence('RequestAttributesSequence', { ...inside, ...meaning }),
      ]),
    );
  });

async function outcome(engine: Engine, file: Uint8Array): Promise<string> {
  const decision = await engine.deidentify(residentSource(file));
  if (!('output' in decision)) return JSON.stringify(decision);
  const hash = createHash('sha256');
  for await (const chunk of decision.output.chunks()) hash.update(chunk);
  return JSON.stringify({ ...decision, output: { ...decision.output, sha256: hash.digest('hex') } });
}

async function assertAlike(spec: DeidProfileSpec, files: readonly Uint8Array[]): Promise<void> {
  const seasoned = createEngine({ profile: spec, key });
  for (const file of files) await outcome(seasoned, file);
  for (const file of [...files].reverse()) {
    assert.equal(await outcome(seasoned, file), await outcome(createEngine({ profile: spec, key }), file));
  }
}

describe('what an engine remembers', () => {
  for (const [name, { spec }] of Object.entries(builtinProfiles)) {
    it(`changes no object of the study set, under ${name}`, async () => {
      await assertAlike(
        spec,
        studySet().map(({ bytes }) => bytes),
      );
    });

    it(`changes no object made by chance, under ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(object, { minLength: 2, maxLength: 6 }), (files) =>
          assertAlike(spec, files),
        ),
        { seed: 7, numRuns: 60 },
      );
    });
  }
});
