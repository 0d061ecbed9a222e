/** DeidProfile: how to de-identify. The schema is the source of the type, the CRD and the validator. */
import {
  choice,
  defaulted,
  type Input,
  integer,
  list,
  object,
  optional,
  required,
  text,
  type Value,
} from '../schema/schema.ts';
import { conditions, metadata } from './document.ts';
import { apiVersion } from './group.ts';
import { actionSchema } from './rule-action.ts';

/** The editions of PS3.15 whose Table E.1-1 can be the basis of a profile. */
export const editions = ['2026c'] as const;

/** Options of PS3.15 Table E.1-1 by the names that profiles use. */
export const confidentialityOptions = [
  'CleanDescriptors',
  'CleanStructuredContent',
  'CleanGraphics',
  'RetainLongitudinalFullDates',
  'RetainLongitudinalModifiedDates',
  'RetainPatientCharacteristics',
  'RetainDeviceIdentity',
  'RetainInstitutionIdentity',
  'RetainUIDs',
  'RetainSafePrivate',
] as const;

/** The Value Representations of PS3.5 section 6.2. */
const vrs = [
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'PN',
  'SH',
  'SL',
  'SQ',
  'SS',
  'ST',
  'SV',
  'TM',
  'UC',
  'UI',
  'UL',
  'UN',
  'UR',
  'US',
  'UT',
  'UV',
] as const;

const tagDigits = '[0-9A-Fa-fxX]{4}';
const keywordPattern = '[A-Za-z][A-Za-z0-9]*';

const basis = object(
  'The table that decides about every attribute that no rule matches: the Basic Application Level Confidentiality Profile of PS3.15 Annex E.',
  {
    edition: defaulted(
      choice('Edition of the standard whose Table E.1-1 is used. Default: 2026c, the only one.', editions),
      '2026c',
    ),
    options: defaulted(
      list(
        'Options of the standard (PS3.15 section E.3) that change the table. The two date options exclude each other. Default: none.',
        choice('An option.', confidentialityOptions),
        { maxItems: confidentialityOptions.length, listType: 'set' },
      ),
      [],
    ),
  },
  {
    rules: [
      {
        rule: "!has(self.options) || !('RetainLongitudinalFullDates' in self.options && 'RetainLongitudinalModifiedDates' in self.options)",
        message:
          'RetainLongitudinalFullDates and RetainLongitudinalModifiedDates exclude each other; remove one.',
      },
    ],
  },
);

const match = object(
  'What elements the rule is about. All fields that stand must hold for an element; at least one must stand.',
  {
    tag: optional(
      text('Tag of the element, x for any hexadecimal digit: (0010,0010), (60xx,3000), (0019,xx0C).', {
        maxLength: 11,
        pattern: `^\\(${tagDigits},${tagDigits}\\)$`,
        expected: 'a tag such as (0010,0010), with x for any hexadecimal digit',
      }),
    ),
    keyword: optional(
      text('Keyword of the attribute in PS3.6, such as StudyDescription.', {
        minLength: 1,
        maxLength: 64,
        pattern: `^${keywordPattern}$`,
        expected: 'a keyword of PS3.6 such as StudyDescription',
      }),
    ),
    vr: optional(choice('Value Representation of the element.', vrs)),
    group: optional(
      text('Group number in four hexadecimal digits, or odd for every private group.', {
        maxLength: 4,
        pattern: '^(odd|[0-9A-Fa-f]{4})$',
        expected: 'four hexadecimal digits such as "0019", or odd',
      }),
    ),
    creator: optional(
      text('Private creator of the block that the element lies in, compared without regard to case.', {
        minLength: 1,
        maxLength: 64,
      }),
    ),
    path: optional(
      text(
        'Place of the element: keywords or tags of the sequences around it and its own, from the outside, joined by /. * stands for one level, ** for any number of levels: ContentSequence/**.',
        {
          minLength: 1,
          maxLength: 1024,
          pattern: `^(\\*\\*?|${keywordPattern}|\\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\\))(/(\\*\\*?|${keywordPattern}|\\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\\)))*$`,
          expected: 'keywords, tags, * and ** joined by /, such as ContentSequence/**',
        },
      ),
    ),
    value: optional(
      text('Regular expression that the decoded text must match somewhere, with slashes: /MRN\\s*\\d+/i.', {
        minLength: 3,
        maxLength: 1024,
        pattern: '^/.+/[imsu]*$',
        expected: 'a regular expression between slashes with flags out of i, m, s and u, such as /MRN\\d+/i',
      }),
    ),
  },
  {
    rules: [
      {
        rule: 'has(self.tag) || has(self.keyword) || has(self.vr) || has(self.group) || has(self.creator) || has(self.path) || has(self.value)',
        message: 'Say what the rule matches: tag, keyword, vr, group, creator, path or value.',
      },
    ],
  },
);

const when = object('What objects the rule is about. All fields that stand must hold.', {
  modality: optional(
    list(
      'Values of Modality (0008,0060), one of which the object has.',
      text('A modality such as CT.', {
        maxLength: 16,
        pattern: '^[A-Z0-9 _]+$',
        expected: 'a modality such as CT',
      }),
      { minItems: 1, maxItems: 64, listType: 'set' },
    ),
  ),
  sopClass: optional(
    list(
      'SOP Class UIDs, one of which the object has.',
      text('A SOP Class UID.', {
        maxLength: 64,
        pattern: '^(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))+$',
        expected: 'a UID',
      }),
      { minItems: 1, maxItems: 64, listType: 'set' },
    ),
  ),
});

const rule = object('One rule: elements that match, in objects that it is for, get the action.', {
  match: required(match),
  when: optional(when),
  action: required(actionSchema),
});

const patientIdentity = object('How a patient is told and named anew.', {
  missing: defaulted(
    choice(
      'What happens where Patient ID is missing or empty. reject: the object is held back. perStudy: the study stands for a patient of its own. Default: perStudy.',
      ['reject', 'perStudy'],
    ),
    'perStudy',
  ),
  defaultIssuer: defaulted(
    text(
      'Issuer of Patient ID that is taken where an object names none, so that the same ID of two hospitals stays two patients. Default: empty.',
      { maxLength: 64 },
    ),
    '',
  ),
  pseudonym: defaulted(
    object('The form of pseudonyms.', {
      prefix: defaulted(
        text('What every pseudonym starts with. Default: empty.', {
          maxLength: 32,
          pattern: '^[A-Za-z0-9._-]*$',
          expected: 'letters, digits, dots, dashes and underscores',
        }),
        '',
      ),
      length: defaulted(
        integer('Characters of a pseudonym after the prefix, 8 to 32. Default: 12.', 8, 32),
        12,
      ),
    }),
    {},
  ),
});

const dicom = object('Rules for the attributes of DICOM objects.', {
  basis: defaulted(basis, {}),
  unlisted: defaulted(
    choice(
      'What happens to standard attributes that neither a rule nor the basis names. keep: they stay. remove: they go. reject: the object is held back. Default: keep.',
      ['keep', 'remove', 'reject'],
    ),
    'keep',
  ),
  rules: defaulted(
    list(
      'Rules of the profile in order; the first that matches an element decides. They are asked before the basis. Default: none.',
      rule,
      { maxItems: 1000 },
    ),
    [],
  ),
  dates: defaulted(
    object('How dates move under RetainLongitudinalModifiedDates and shiftDate.', {
      shiftDays: defaulted(
        object('Every patient has one keyed number of whole days, by which all dates move into the past.', {
          maxDays: defaulted(
            integer('The largest number of days, 1 to 36500. Default: 3650.', 1, 36_500),
            3650,
          ),
        }),
        {},
      ),
    }),
    {},
  ),
  ages: defaulted(
    object('How ages are kept.', {
      capAbove: defaulted(
        integer('Ages above this number of years are capped wherever ages stay. Default: 89.', 1, 150),
        89,
      ),
    }),
    {},
  ),
  patientIdentity: defaulted(patientIdentity, {}),
  uidRoot: defaulted(
    text(
      "Root of the UIDs that take the place of the original ones: 2.25, or an organisation's own root of at most 24 characters. Default: 2.25.",
      {
        maxLength: 24,
        pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$',
        expected: 'a UID root of at most 24 characters such as 2.25',
      },
    ),
    '2.25',
  ),
});

const pixels = object(
  'What happens to pixels.',
  {
    unchecked: defaulted(
      choice(
        'What happens to objects of classes that often have text burned into their pixels (ultrasound, secondary capture, photographs, screens), as nobody looks at the pixels. review: held back for a person to look. pass: written and counted. Default: pass.',
        ['review', 'pass'],
      ),
      'pass',
    ),
  },
  { later: { text: 'object', regions: 'array', faces: 'object' } },
);

const spec = object(
  'How to de-identify.',
  {
    dicom: defaulted(dicom, {}),
    pixels: defaulted(pixels, {}),
    documents: defaulted(
      choice(
        'What happens to objects that hold an encapsulated document (PDF, CDA, STL). reject: the object is held back. remove: the document goes, the object stays. Default: reject.',
        ['reject', 'remove'],
        ['clean'],
      ),
      'reject',
    ),
  },
  { later: { slides: 'object', review: 'object', reidentification: 'object' } },
);

const status = object('What the operator found out about the profile.', {
  observedGeneration: optional(integer('The metadata.generation that the status was written for.', 0)),
  conditions: optional(conditions),
});

/** The schema of a DeidProfile document. */
export const deidProfile = object('A DeidProfile says how to de-identify; DeidJobs refer to it by name.', {
  apiVersion: required(choice('Group and version of the document.', [apiVersion])),
  kind: required(choice('Kind of the document.', ['DeidProfile'])),
  metadata: required(metadata),
  spec: required(spec),
  status: optional(status),
});

/** The schema of `spec` alone, as run specs hold it. */
export const deidProfileSpec = spec;

/** A validated profile with its defaults filled in. */
export type DeidProfile = Value<typeof deidProfile>;
/** A profile as people write it: fields with a default may be left out. */
export type DeidProfileInput = Input<typeof deidProfile>;
export type DeidProfileSpec = DeidProfile['spec'];
export type DeidProfileStatus = Value<typeof status>;
export type DeidRule = Value<typeof rule>;
export type ConfidentialityOption = (typeof confidentialityOptions)[number];
