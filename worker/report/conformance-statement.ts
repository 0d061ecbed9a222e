/**
 * The conformance statement of a run, with what PS3.15 section E.1.3 asks for. It follows from the profile alone and
 * shows nothing of a profile that could name an institution or a person: no value pattern, replacement text, private
 * creator, issuer, prefix or UID root.
 */
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { defaultLimits } from '../dicom/parse-limits.ts';
import { type CompiledProfile, compileProfile } from '../profile/compile.ts';
import type { ConfidentialityOption } from '../standards/confidentiality-table.ts';
import {
  codesInForce,
  dummyValues,
  keptUnder,
  ruleTable,
  supplementInForce,
  tableInForce,
} from './conformance-attributes.ts';
import { list, paragraph, type Section, type Statement, type TextBlock } from './document.ts';
import { bytesText, countText } from './figures.ts';

/** The options as PS3.15 section E.3 names them. */
export const optionNames: Readonly<Record<ConfidentialityOption, string>> = {
  CleanGraphics: 'Clean Graphics',
  CleanStructuredContent: 'Clean Structured Content',
  CleanDescriptors: 'Clean Descriptors',
  RetainLongitudinalFullDates: 'Retain Longitudinal Temporal Information Full Dates',
  RetainLongitudinalModifiedDates: 'Retain Longitudinal Temporal Information Modified Dates',
  RetainPatientCharacteristics: 'Retain Patient Characteristics',
  RetainDeviceIdentity: 'Retain Device Identity',
  RetainInstitutionIdentity: 'Retain Institution Identity',
  RetainUIDs: 'Retain UIDs',
  RetainSafePrivate: 'Retain Safe Private',
};

type StatementSection = Section<TextBlock>;

function section(id: string, heading: string, ...blocks: readonly TextBlock[]): StatementSection {
  return { id: `statement-${id}`, heading, blocks };
}

const unlistedTexts: Readonly<Record<DeidProfileSpec['dicom']['unlisted'], string>> = {
  keep: 'Standard attributes that neither a rule, the table nor the supplement names are kept; free text among them is cleaned.',
  remove:
    'Standard attributes that neither a rule, the table nor the supplement names are removed unless the IOD requires them or they describe the pixels.',
  reject:
    'Objects with standard attributes that neither a rule, the table nor the supplement names are held back where the IOD does not define the attribute; optional ones are removed.',
};

function claim({ job, profile }: RunSpec, engineVersion: string): StatementSection {
  const { edition, options } = profile.spec.dicom.basis;
  const named = options.map((option) => optionNames[option]);
  return section(
    'claim',
    'What is claimed',
    paragraph(
      `The job ${job.name} de-identifies by the profile ${profile.name}: the Basic Application Level Confidentiality Profile of PS3.15 ${edition} Annex E, carried out by deid-operator ${engineVersion}, ${named.length === 0 ? 'with none of its options' : 'with these options'}.`,
    ),
    ...(named.length === 0 ? [] : [list(...named)]),
    paragraph(
      'An object is held back, not passed, where it cannot be understood: encodings that break PS3.5, unknown or private transfer syntaxes, private SOP classes, DICOMDIRs, compressed pixel data whose container cannot be walked. The rules cover every attribute at the top level and in any item of any sequence.',
    ),
  );
}

function attributes(profile: CompiledProfile, { dicom }: DeidProfileSpec): StatementSection {
  return section(
    'attributes',
    'Attributes that are removed and replaced',
    paragraph(
      'Asked in this order: structure (group lengths, groups that do not belong into data sets, earlier statements about de-identification and removed overlays go), the rules of the profile, private attributes, Table E.1-1, the supplement, elements unknown to PS3.6 (they go, or the object is held back), the Value Representation (names, UIDs, dates and ages outside the table are treated like those in it), and at last what is not listed.',
    ),
    ...(dicom.rules.length === 0
      ? [paragraph('The profile has no rules of its own.')]
      : [ruleTable(dicom.rules)]),
    codesInForce(profile.options),
    tableInForce(profile.options),
    supplementInForce(profile),
    paragraph(unlistedTexts[dicom.unlisted]),
  );
}

function replacements({ dicom }: DeidProfileSpec): StatementSection {
  const { pseudonym } = dicom.patientIdentity;
  return section(
    'replacements',
    'How replacement values are made',
    list(
      `Patient ID and Patient's Name: the patient's pseudonym, ${pseudonym.length} characters of HMAC-SHA-256 under the project key over issuer and Patient ID${pseudonym.prefix === '' ? '' : ', behind a prefix of the profile'}.`,
      dicom.patientIdentity.missing === 'perStudy'
        ? 'Where Patient ID is missing or empty, the study stands for a patient of its own.'
        : 'Where Patient ID is missing or empty, the object is held back.',
      `UIDs: HMAC-SHA-256 under the project key over the original UID, written under ${dicom.uidRoot === '2.25' ? 'the root 2.25 (UUID)' : 'a root that the profile names'}. UIDs that the standard registers, and those that name classes, stay.`,
      'Other values: a constant by Value Representation. Numbers in binary become as many zeros as there were, byte strings two zero bytes.',
    ),
    dummyValues(),
  );
}

function dates({ dates: kind, maxShiftDays, capAgeAbove }: CompiledProfile): StatementSection {
  const texts = {
    remove:
      'Dates and times are removed, emptied or replaced by a dummy. Longitudinal Temporal Information Modified (0028,0303) says REMOVED.',
    keep: 'Dates and times stay as they are. Longitudinal Temporal Information Modified (0028,0303) says UNMODIFIED.',
    shift: `All dates of a patient move into the past by the same number of whole days, from 1 to ${countText(maxShiftDays)}, which the project key and the patient's identity give. Times of day stay, so intervals are kept over series and studies. Dates in text that is cleaned move alike; a date that cannot be read goes. Longitudinal Temporal Information Modified (0028,0303) says MODIFIED.`,
  } as const;
  return section(
    'dates',
    'Dates, times and ages',
    paragraph(texts[kind]),
    paragraph(`Ages above ${capAgeAbove} years become ${capAgeAbove + 1} wherever ages stay.`),
  );
}

function text({ options, keepsPatientCharacteristics }: CompiledProfile): StatementSection {
  return section(
    'text',
    'Descriptors, text and graphics',
    paragraph(
      'Every text that stays is searched for the values of the object that identify somebody, without regard to case, width, diacritics, order and punctuation, and for mail addresses, telephone numbers, network addresses and paths; what is found goes.',
    ),
    paragraph(
      options.has('CleanDescriptors')
        ? 'Descriptors and other free text are cleaned by a list of harmless words besides: a word that it does not know goes. It is made of the words of PS3.3, PS3.6 and PS3.16 and of lists of the project, without common names of people.'
        : 'Descriptors of Table E.1-1 are treated by the basic profile. Free text outside the table that stays is cleaned by a list of harmless words.',
    ),
    paragraph(
      options.has('CleanStructuredContent')
        ? 'Content items of structured documents are judged one by one by Table E.3.4-1; their text is cleaned.'
        : 'Content items of structured documents stay with dummies for their free values; those that Table E.3.4-1 removes go.',
    ),
    paragraph(
      options.has('CleanGraphics')
        ? 'Graphic annotations are treated as Clean Graphics says; overlay planes that go take their whole group along.'
        : 'Graphic annotations, overlays and curves are treated by the basic profile; an overlay plane that goes takes its whole group along, and planes in unused bits of Pixel Data as well.',
    ),
    ...(keepsPatientCharacteristics
      ? [
          paragraph(
            `Patient characteristics that stay: ${keptUnder('RetainPatientCharacteristics').join(', ')}.`,
          ),
        ]
      : [paragraph('No patient characteristics are retained.')]),
  );
}

function privateAttributes({ options }: CompiledProfile): StatementSection {
  return section(
    'private',
    'Private attributes',
    paragraph(
      options.has('RetainSafePrivate')
        ? 'Private attributes stay, with their Private Creator, where they are safe: by Table E.3.10-1, by the knowledge base of The Cancer Imaging Archive for the same Value Representation and nesting, or by what the object itself declares in Private Data Element Characteristics (0008,0300). Sequences are entered and their items judged one by one. All others go. 113111 is stated only where one stayed.'
        : 'All private attributes go but those that a rule of the profile keeps.',
    ),
  );
}

function pixels({ pixels: { unchecked }, documents }: DeidProfileSpec): StatementSection {
  return section(
    'pixels',
    'Pixels and documents',
    paragraph(
      'Pixels are not looked at: Clean Pixel Data (113101) and Clean Recognizable Visual Features (113102) are never stated. Objects whose Burned In Annotation says YES, and images that show the label of a slide, are held for a person.',
    ),
    paragraph(
      unchecked === 'review'
        ? 'Objects of classes that often have text in their pixels are held for a person.'
        : 'Objects of classes that often have text in their pixels pass and are counted in the report.',
    ),
    paragraph(
      'The containers of pixel data are cleaned: comments and application segments of code streams, bytes behind the last frame, overlay planes in unused bits. Pixels stay bit for bit.',
    ),
    paragraph(
      documents === 'remove'
        ? 'Encapsulated documents are removed.'
        : 'Objects with an encapsulated document are held back.',
    ),
  );
}

const inserted = section(
  'inserted',
  'Attributes that are inserted',
  list(
    'Patient Identity Removed (0012,0062): YES.',
    'De-identification Method (0012,0063) and its Code Sequence (0012,0064) with the codes of CID 7050 that are true of the object.',
    'Longitudinal Temporal Information Modified (0028,0303).',
    'An empty preamble and a File Meta Information that describes this de-identifier and nothing of the file it came from.',
  ),
);

const encrypted = section(
  'encrypted',
  'Encrypted attributes',
  paragraph(
    'No Encrypted Attributes Sequence (0400,0500) is written: there is no encrypted set, no transfer syntax of one and no key for it. An original identifier can be tied to its replacement only by who holds the project key, by computing the replacement again.',
  ),
);

const scope = section(
  'scope',
  'Scope of references',
  paragraph(
    'Replacements depend on the original value and the project key alone. References between objects, UIDs, pseudonyms and intervals stay consistent over all instances, series, studies, jobs and runs under one project key and one profile; under another key nothing can be tied together.',
  ),
);

const limits = section(
  'limits',
  'Limits',
  list(
    'The project key has at least 256 bits.',
    `Sequences are nested ${defaultLimits.depth} deep at most, with ${countText(defaultLimits.elements)} elements and items at most.`,
    `Headers and values held in memory: ${bytesText(defaultLimits.residentBytes)} at most; a deflated data set once inflated: ${bytesText(defaultLimits.inflatedBytes)} at most. Pixel data are not limited.`,
    'Objects beyond a limit are held back.',
  ),
);

/** The statement of a run under `runSpec`. */
export function conformanceStatement(runSpec: RunSpec, engineVersion: string): Statement {
  const { spec } = runSpec.profile;
  const profile = compileProfile(spec);
  return {
    title: 'Conformance statement (PS3.15 E.1.3)',
    sections: [
      claim(runSpec, engineVersion),
      attributes(profile, spec),
      replacements(spec),
      dates(profile),
      text(profile),
      privateAttributes(profile),
      pixels(spec),
      inserted,
      encrypted,
      scope,
      limits,
    ],
  };
}
