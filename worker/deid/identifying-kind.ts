/**
 * Which attributes hold a value that identifies somebody wherever it reappears, and of what kind: told by VR and by the
 * keywords of Table E.1-1's rows. Descriptions are none: they are cleaned, not searched for.
 */
import type { IdentifyingValue } from './text/identifying-values.ts';

type Kind = IdentifyingValue['kind'];

interface KindRow {
  readonly pattern: RegExp;
  readonly kind: Kind;
}

/** Asked in order. What no row names but the profile still removes is searched for as a whole phrase (`other`). */
const kindsByKeyword: readonly KindRow[] = [
  {
    pattern: /(?:Comments?|Description|Reason|Instructions?|History|Diagnos\w*|Protocol(?:Name)?|Notes?)$/,
    kind: 'other',
  },
  { pattern: /Telephone|Telecom|Phone/, kind: 'telephone' },
  { pattern: /Address/, kind: 'address' },
  { pattern: /Birth(?:Date|Time)|DeathDate/, kind: 'date' },
  {
    pattern: /Institution|Organization|Department|SiteName|CenterName|Residence|Sponsor|Location/,
    kind: 'institution',
  },
  {
    pattern: /Serial|StationName|AETitle|DeviceID|DetectorID|GantryID|PlateID|CassetteID|MachineName|UDI/,
    kind: 'device',
  },
  {
    pattern: /(?:IDs?|Identifier|Number|Barcode\w*|Issuer\w*|Value|Code|Identification)$/,
    kind: 'identifier',
  },
  { pattern: /^Issuer|OtherPatient|Accession|Insurance|MedicalRecord/, kind: 'identifier' },
  {
    pattern:
      /(?:Patient|Physician|Operators?|Person|Observer|Author|Reviewer|Investigator|Mother|Birth|Responsible)\w*Name/,
    kind: 'personName',
  },
  { pattern: /Name/, kind: 'institution' },
];

/** The kind of a value under `keyword`; undefined for attributes that are no source of identity. */
export function identifyingKindOf(keyword: string): Kind {
  return kindsByKeyword.find(({ pattern }) => pattern.test(keyword))?.kind ?? 'other';
}
