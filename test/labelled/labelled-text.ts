/** Texts with labels: those that identify go, those that describe stay word by word, with what was woven into them gone. */
import { agents, longDescriptions, shortDescriptions } from './descriptions.ts';
import { texts } from './known-values.ts';
import {
  type LabelledValue,
  type Labelling,
  removed,
  type Surroundings,
  same,
  type Verdict,
} from './labelling.ts';
import { personName } from './persona.ts';
import { holdsTokens, isFreeOf } from './score.ts';
import type { AttributeFacts } from './standard-facts.ts';
import { tokensOf, wovenText } from './woven-text.ts';

const identifies =
  /(?:ID|IDs|Identifier|URI|URL|URN|Issuer\w*|Address\w*|Barcode\w*|UDI|Number|Password|Certificat\w+|Signature|Creator|Owner|Author|UserName|Path|Filename\w*|Location|Telephone\w*|Phone\w*)$|^Issuer|OrderNumber|AssigningAuthority|AlternativeCalendar|Contact|UniformResource|UserGroupName|JobID/;
const freeText =
  /(?:Comments?|Descriptions?|Label|Remarks?|Notes?|Title|Reason\w*|History|Instructions?|Text|Summary|Purpose|Diagnos\w+|Impressions?|Protocol|Alerts|Allergies|Needs)(?:Trial)?$/;
const personal =
  /Physician|Operator|Person|Observer|Author|Reviewer|Recorder|Transcriber|Investigator|Mother|Interpreter|Creator/;

const lengths: Readonly<Record<string, number>> = {
  SH: 16,
  LO: 64,
  ST: 1024,
  LT: 10_240,
  UT: 20_000,
  UC: 20_000,
  AE: 16,
};
const allShort = Object.values(shortDescriptions).flat();
const latin = [
  ...shortDescriptions.english,
  ...shortDescriptions.protocols,
  ...shortDescriptions.german,
  ...shortDescriptions.french,
];

function identifying({ keyword }: AttributeFacts, { persona }: Surroundings): string {
  if (/Telephone|Telecom|Phone/.test(keyword)) return persona.telephone;
  if (/Address/.test(keyword)) return persona.street;
  if (/Institution|Organization|Department|Site|Center|Residence|Sponsor|Location/.test(keyword))
    return persona.institution;
  if (/Serial/.test(keyword)) return persona.serial;
  if (/Station|AE/.test(keyword)) return persona.station;
  if (/Accession/.test(keyword)) return persona.accession;
  if (personal.test(keyword) && /Name/.test(keyword)) return personName(persona.physician);
  return /Name/.test(keyword) ? persona.patient.family : persona.mrn;
}

/** All Value Representations of text that have no form of their own. */
export function labelledText({ facts, at, code, mayStay, check }: Labelling): LabelledValue {
  const { vr, keyword, tag } = facts;
  const { persona, random, isGone } = at;
  const longest = lengths[vr] ?? 64;
  if (!mayStay && (tag.startsWith('60') || tag.startsWith('50')))
    return check(persona.mrn, removed([persona.mrn]));
  if (vr === 'UR' || vr === 'AE') {
    const label = vr === 'UR' ? `https://pacs.${persona.city.toLowerCase()}.example/q` : persona.station;
    return check(
      label,
      code === undefined && vr === 'UR'
        ? removed([persona.city])
        : code === undefined || code === 'C'
          ? () => []
          : removed([label]),
    );
  }
  const isCleaned = code === 'C';
  const isUnlistedIdentifier = code === undefined && identifies.test(keyword) && texts[keyword] === undefined;
  if (isGone || at.isDummy || (code !== undefined && code !== 'K' && !isCleaned) || isUnlistedIdentifier) {
    const label = identifying(facts, at).slice(0, longest);
    const labels = label.includes('^') ? [persona.physician.family] : [label];
    return check(label, removed(labels));
  }
  const known = texts[keyword];
  if (known !== undefined) {
    const value = random.pick(known);
    return check(value, same(value));
  }
  if (code === 'K') return check('European', same('European'));
  const isLong = longest > 64;
  const source: readonly string[] = /Agent|Drug|Pharmaceutical/.test(keyword)
    ? agents
    : isLong
      ? longDescriptions
      : random.below(3) === 0
        ? allShort
        : latin;
  const fitting = source.filter((text) => Buffer.byteLength(text) <= longest);
  const harmless = random.pick(fitting.length === 0 ? ['CHEST PA'] : fitting);
  const mayWeave = isCleaned || freeText.test(keyword);
  if (mayWeave && random.below(2) === 0) {
    const woven = wovenText(harmless, persona, random);
    if (Buffer.byteLength(woven.text) <= longest) {
      return check(woven.text, (text) => [
        ...woven.removed.map(
          (label): Verdict => [
            'text_removed',
            isFreeOf(text, label),
            `${woven.form} | ${woven.text} -> ${text}`,
          ],
        ),
        ['text_retained', holdsTokens(text, woven.retained), `${woven.form} | ${woven.text} -> ${text}`],
      ]);
    }
  }
  if (!mayWeave && code === undefined && vr !== 'ST' && vr !== 'LT' && vr !== 'UT' && vr !== 'UC')
    return check('CHEST PA', same('CHEST PA'));
  const names = [persona.patient, persona.physician, persona.operator].flatMap(({ family, given, middle }) =>
    `${family} ${given} ${middle}`.toLowerCase().split(/[ '-]/),
  );
  const kept = tokensOf(harmless).filter(
    (token) =>
      !names.some(
        (own) => token.toLowerCase() === own || (own.length > 2 && token.toLowerCase().startsWith(own)),
      ),
  );
  return check(harmless, (text) => [['text_retained', holdsTokens(text, kept), `${harmless} -> ${text}`]]);
}
