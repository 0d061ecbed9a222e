/** Structure: what stands in sequences, however deep and however they are encoded. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dataSetBytes, el, type Part, sq, syntaxes, unSequence } from '../builders/dicom.ts';
import { outputOf } from './support/labelled-object.ts';
import { leakCase, leakCaseOf, leaksNothing, plantedIn } from './support/leak-case.ts';

/** A bit of everything that identifies. */
const identity = [
  el('StudyTime', '031122.447711'),
  el('AccessionNumber', 'ACC-771-4'),
  el('InstitutionName', 'Klinikum Ochsenfurtbach'),
  el('ReferringPhysicianName', 'Zwetschgenbaum^Ottokar'),
  el('ReferencedSOPInstanceUID', '1.3.6.1.4.1.99999.3.7.5'),
  el('PatientName', 'Hollerbusch^Annedore'),
  el('PatientID', 'HB-99-1207'),
  el('PatientBirthDate', '19330617'),
  el('PatientAddress', 'Schlehenweg 14, 97199 Ochsenfurtbach'),
  el('DeviceSerialNumber', 'SN-66104'),
  el('ImageComments', 'spoke to Hollerbusch'),
] as const;

const identityLabels = [
  '031122.447711',
  'ACC-771-4',
  'Ochsenfurtbach',
  'Zwetschgenbaum',
  'Ottokar',
  '1.3.6.1.4.1.99999.3.7.5',
  'Hollerbusch',
  'Annedore',
  'HB-99-1207',
  '19330617',
  'Schlehenweg',
  'SN-66104',
] as const;

/** A time of day stays where dates are shifted. */
const researchLabels = identityLabels.filter((label) => label !== '031122.447711');

function deep(levels: number, inside: readonly Part[]): readonly Part[] {
  let parts = inside;
  for (let level = 0; level < levels; level += 1) parts = [sq('SourceImageSequence', [parts])];
  return parts;
}

leakCase(1, 'items of nested sequences', () => {
  const planted = [sq('EnergyWindowInformationSequence', [identity, [el('KVP', '120')], identity])];
  leaksNothing('no label is left in any item', {
    planted,
    labels: identityLabels,
    profiles: ['basic', 'strict'],
  });
  leaksNothing('no label is left in any item', {
    planted,
    labels: researchLabels,
    profiles: ['research'],
    check: (output) => assert.deepEqual(plantedIn(output)?.texts('KVP'), ['120']),
  });
});

leakCase(2, 'more than two levels of nesting', () => {
  leaksNothing('no label is left twenty levels down', {
    planted: deep(20, [...identity.slice(0, 9), el('KVP', '120')]),
    labels: researchLabels.filter((label) => label !== 'SN-66104'),
    check: (output) => assert.deepEqual(plantedIn(output)?.texts('KVP') ?? ['120'], ['120']),
  });
});

leakCase(3, 'sequences stored as UN, implicit little endian inside', () => {
  for (const [form, forms] of [
    ['undefined lengths', { sequence: 'undefined', items: 'undefined' }],
    ['defined lengths', {}],
  ] as const) {
    leaksNothing(`no label is left: ${form}`, {
      planted: [unSequence('EnergyWindowInformationSequence', [[...identity, el('KVP', '120')]], forms)],
      labels: researchLabels,
      // Big endian has no VR UN with implicit little endian inside that anybody reads alike.
      encodings: ['explicit', 'implicit', 'deflated', 'encapsulated'],
      check: (output) => assert.deepEqual(plantedIn(output)?.texts('KVP') ?? ['120'], ['120']),
    });
  }
});

leakCase(4, 'public attributes in private sequences', () => {
  leaksNothing('no label is left in a sequence that nobody calls safe', {
    planted: [el('(2001,0010)', 'ACME 1.1', 'LO'), sq('(2001,1000)', [identity])],
    labels: identityLabels,
  });
  leaksNothing('no label is left in a sequence on the safe list', {
    planted: [
      el('(2001,0010)', 'Philips Imaging DD 001', 'LO'),
      sq('(2001,105F)', [
        [...identity, el('(2001,0010)', 'Philips Imaging DD 001', 'LO'), el('(2001,102D)', 44, 'SS')],
      ]),
    ],
    labels: researchLabels,
  });
  leaksNothing('no label is left in a sequence of a private sequence as UN', {
    planted: [
      el('(2005,0010)', 'Philips MR Imaging DD 005', 'LO'),
      unSequence('(2005,1402)', [[sq('EnergyWindowInformationSequence', [identity])]], {
        sequence: 'undefined',
      }),
    ],
    labels: researchLabels,
    encodings: ['explicit', 'implicit', 'deflated', 'encapsulated'],
  });
});

leakCaseOf(5, 'earlier values in Original and Modified Attributes Sequence', {
  planted: [
    sq('OriginalAttributesSequence', [
      [
        el('AttributeModificationDateTime', '20190408101112'),
        el('ModifyingSystem', 'PACS-Ochsenfurtbach'),
        el('SourceOfPreviousValues', 'Sonnenhalde Kliniken'),
        el('ReasonForTheAttributeModification', 'COERCE'),
        sq('ModifiedAttributesSequence', [identity]),
        sq('NonconformingModifiedAttributesSequence', [
          [
            el('SelectorAttribute', '(0010,0010)'.length, 'AT'),
            el('NonconformingDataElementValue', Buffer.from('Hollerbusch^Annedore'), 'OB'),
          ],
        ]),
      ],
    ]),
  ],
  labels: [...identityLabels, '20190408', 'Sonnenhalde'],
});

leakCaseOf(6, 'sequences of identifiers and issuers that old tables lack', {
  planted: [
    sq('IssuerOfAccessionNumberSequence', [[el('LocalNamespaceEntityID', 'OCHSENFURTRIS')]]),
    sq('IssuerOfPatientIDQualifiersSequence', [
      [
        el('UniversalEntityID', '1.3.6.1.4.1.99999.8.1', 'UT'),
        el('UniversalEntityIDType', 'ISO'),
        sq('AssigningFacilitySequence', [[el('LocalNamespaceEntityID', 'SONNENHALDE')]]),
      ],
    ]),
    sq('OtherPatientIDsSequence', [[el('PatientID', 'OTH-55-91'), el('IssuerOfPatientID', 'RENTENKASSE')]]),
    sq('RequestingPhysicianIdentificationSequence', [
      [
        sq('PersonIdentificationCodeSequence', [
          [
            el('CodeValue', 'ARZT7714'),
            el('CodingSchemeDesignator', '99KLINIK'),
            el('CodeMeaning', 'Zwetschgenbaum Ottokar'),
          ],
        ]),
        el('InstitutionName', 'Klinikum Ochsenfurtbach'),
        el('PersonTelephoneNumbers', '+49 9331 5512077'),
      ],
    ]),
    sq('ScheduledPerformingPhysicianIdentificationSequence', [
      [sq('PersonIdentificationCodeSequence', [[el('CodeMeaning', 'Rittersporn Wigand')]])],
    ]),
    sq('ActualHumanPerformersSequence', [
      [
        sq('HumanPerformerCodeSequence', [
          [el('CodeValue', 'MTRA8812'), el('CodeMeaning', 'Akelei Roswitha')],
        ]),
        el('HumanPerformerName', 'Akelei^Roswitha'),
        el('HumanPerformerOrganization', 'Praxis Sonnenhalde'),
      ],
    ]),
    sq('OrderPlacerIdentifierSequence', [[el('LocalNamespaceEntityID', 'PLACERHOF')]]),
  ],
  labels: [
    ...['OCHSENFURTRIS', '1.3.6.1.4.1.99999.8.1', 'SONNENHALDE', 'OTH-55-91', 'RENTENKASSE', 'ARZT7714'],
    ...['Zwetschgenbaum', 'Ottokar', 'Ochsenfurtbach', '5512077', 'Rittersporn', 'Wigand', 'MTRA8812'],
    ...['Akelei', 'Roswitha', 'PLACERHOF'],
  ],
});

it('the nested data set is encoded as it was', async () => {
  const output = await outputOf(
    {
      planted: [
        unSequence('EnergyWindowInformationSequence', [[el('KVP', '120')]], { sequence: 'undefined' }),
      ],
    },
    { profile: 'basic', encoding: 'explicit', depth: 'at the root' },
  );
  assert.ok(output.bytes.includes(dataSetBytes([el('KVP', '120')], syntaxes.implicit)));
});
