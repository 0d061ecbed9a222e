/**
 * Text attributes outside Table E.1-1 in which a person may have typed anything (PS3.15 section E.3.5, note 3): where
 * the profile keeps what the table does not list, they are cleaned like the table's descriptors.
 */
import type { Element } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import type { Vr } from '../dicom/vr.ts';
import { lookup } from '../standards/dictionary.ts';
import { latin1, trimPadding } from './element-value.ts';
import type { ObjectContext } from './object-context.ts';
import { elementIn, type Scope } from './scope.ts';

/** Its words are the site's where the scheme is. */
export const codeMeaning: Tag = 0x00080104;
const codingSchemeDesignator: Tag = 0x00080102;

const longTextVrs: ReadonlySet<Vr> = new Set<Vr>(['ST', 'LT', 'UT', 'UC']);
const shortTextVrs: ReadonlySet<Vr> = new Set<Vr>(['LO', 'SH']);
const describing =
  /(?:Comments?|Description|Label|Remarks?|Notes?|Title|Reason|History|Instructions?|Text)(?:Trial)?$/;

/** What the maker of the equipment wrote, in words that no vocabulary has. */
const ofEquipment =
  /Manufacturer|Model|Software|Version|Kernel|SequenceName|Coil|Device|Algorithm|Scheme|Code|Radio|Agent|Units/;

/** Designators of PS3.16 Table 8-1 whose meanings the scheme's keeper wrote, not the site. */
const publishedSchemes: ReadonlySet<string> = new Set(
  (
    'ACR ASTM-SIGPURPOSE BARI BI C4 C5 CADSR CD2 CDT CID7445 CPT CTV3 DC DCM DCMUID DICOM DCMUR DSM FMA GEO HCPCS HGNC HI HL7 HPC I9 I9C ' +
    'I10 I10P I11 I9P IBSI ICCS ICDO ICDO3 IETF ILXTR INSPIRE ISO3166_1 ISO639_1 ISO639_2 ISO_OID ITIS_TSN IUPAC IVD JC8 ' +
    'JJ1017 LN MA MAYO MAYOASRG MDNS MDC MGI MSH MSTD MVX NCDR NCIt NDC NEU NEULEX NIC NICIP NIF_GROSSANATOMY NPI NPU NYUMCCG ' +
    'PATHLEX PATHLEX_PREANALYTICS PUBCHEM_CID RADELEMENT RADLEX RFC3066 RXNORM SCT SNM3 SNM SRT SDM 99SDM UBERON UCUM UMLS UPC ' +
    'UNS VHA'
  ).split(' '),
);

function isLocalCode(scope: Scope, object: ObjectContext): boolean {
  const designator = elementIn(scope.dataSet, codingSchemeDesignator);
  if (designator === undefined) return true;
  return !publishedSchemes.has(
    trimPadding(latin1(object.body.view(designator.valueStart, designator.valueEnd))),
  );
}

/** Whether the table names one of the enclosing sequences: what it warns of may stand in the words of a code too. */
function isInListedSequence(scope: Scope, object: ObjectContext): boolean {
  return scope.path.some((tag) => object.profile.row(tag) !== undefined);
}

/** Whether an unlisted attribute holds free text. */
export function isFreeText(element: Element, scope: Scope, object: ObjectContext): boolean {
  if (element.tag === codeMeaning) return isLocalCode(scope, object) || isInListedSequence(scope, object);
  if (longTextVrs.has(element.vr)) return true;
  if (!shortTextVrs.has(element.vr)) return false;
  const keyword = lookup(element.tag)?.keyword ?? '';
  return describing.test(keyword) || (!object.isNameReadable && !ofEquipment.test(keyword));
}
