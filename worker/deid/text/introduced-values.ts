/** Values that a title or a label introduces: `Dr. X`, `Name: X`, `MRN 123`. */
import { isUnspacedScript } from './fold.ts';
import type { Span } from './span.ts';
import { isKnownWord } from './unknown-words.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Titles in the forms in which no protocol uses the same letters: `Dr.`, but not `DR`, the modality; `Mr`, but not `MR`.
 */
const title =
  /(?<![\p{L}\p{N}])(?:Dr|Prof|Mr|Mrs|Ms|Miss|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Sra?|Se[nñ]ora?|Dra|Dott(?:ssa|oressa|ore)?|Sig(?:\.?ra|nora?)?|Dhr|Mevr|MUDr|Doc|Docteur|Doctor|Nurse|Pan|Pani|DR(?=\.)|PROF(?=\.|\s)|MR(?=\.)|MRS(?=\.|\s)|MS(?=\.)|DOCTOR|д-р|Д-р|доктор|Доктор|проф|Проф)\.?(?:[ \t]*(?:med|phil|Dr|Prof)\.)*[ \t]*(?=[\p{Lu}\p{Lo}])/gu;

/** One word of a name after a title, and what may stand between it and the next. */
const nameWord =
  /^(?:(?:van|von|der|den|de|la|le|du|del|della|di|da|al|el|bin|zu)[ \t]+)*[\p{Lu}\p{Lo}][\p{L}\p{M}'’]*\.?/u;
const betweenNameWords = /^(?:[ \t]*[-^,&][ \t]*|[ \t]+)/;
const mostNameWords = 4;

const nameLabel =
  /(?<![\p{L}\p{N}])(?:(?:patient|pat|family|given|first|last|middle|maiden|sur|full|pt)?[ .'_-]*s?[ ]?name|surname|nachname|vorname|geburtsname|nom|prénom|nombre|apellidos?|nome|cognome|naam|imię|nazwisko|фио|имя|фамилия|пациент|氏名|患者名|患者氏名|姓名|患者姓名|환자명|이름|성명)[ \t]*[:=：][ \t]*/giu;
const roleLabel =
  /(?<![\p{L}\p{N}])(?:patient|pat|pt|physician|radiologist|operator|technologist|technician|tech|rad|referr(?:ing|er|ed by)|ref|requested by|ordered by|performed by|read by|dictated by|signed by|reported by|reviewed by|interpreted by|verified by|approved by|scanned by|attending|surgeon|resident|arzt|befunder|mtra|zuweiser|überweiser|médecin|médico|medico|opérateur|врач|医師|技師|担当医|医生|의사)[ \t]*[:=：][ \t]*/giu;
const byPhrase =
  /(?<![\p{L}\p{N}])(?:requested|ordered|performed|read|dictated|signed|reported|reviewed|interpreted|verified|approved|scanned|acquired|referred|transcribed)[ ]+by[ ]+(?=\p{Lu})/giu;
const labelledName = /^[^,;|\n\r\t()[\]\\:]{1,64}/u;

const numberLabel =
  /(?<![\p{L}\p{N}])(?:mrn|m\.r\.n\.|ssn|dob|d\.o\.b\.|nhs|cpf|bsn|ahv|kvnr|nir|pesel|personnummer|(?:patient|pat|pt|med(?:ical)?[ ]?rec(?:ord)?|accession|acc|case|fall|visit|encounter|account|acct|order|insurance|policy|versicherten|versicherungs|hosp(?:ital)?|chart|file|record|study|exam|badge|employee|license|lic|serial|ser|device|phone|tel|telephone|telefon|tél|teléfono|fax|mobile|cell|pager|geb|geboren|born|birth(?: ?date)?)[ ._-]*(?:id|no|nr|num|number|nummer|#)?)[ \t]*[.:=#№：][ \t#:.]*(?=\S*\d)/giu;
const idLabel =
  /(?<![\p{L}\p{N}])(?:(?:mrn|ssn|id(?=[ \t]*[:#=])|patient[ -]?id|pat[ -]?id|pid)|(?:患者ID|カルテ番号|病历号|住院号|检查号|등록번호|병록번호))[ \t.:#=：]*(?=\S*\d)/giu;
const labelledNumber = /^[\p{L}\p{N}][\p{L}\p{N}\-./_]*/u;

/** Honorifics behind the name. */
const honorificAfter =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,8}|[\p{Script=Hangul}]{2,5})[ 　]?(?:様|さん|先生|殿|医師|教授|技師|女士|小姐|医生|主任|大夫|护士|護士|님|씨|선생님|교수|원장|의사)/gu;

/** A letter that begins a term (`C-SPINE`, `T2`) is no initial. */
const beginsTerm = /^[-_\p{N}]/u;

/** Whether the word behind a name is one more of it, and none that something else explains. */
function goesOn(word: string, behind: string, isFirstUnspaced: boolean, vocabulary: Vocabulary): boolean {
  if (isUnspacedScript(word) !== isFirstUnspaced) return false;
  const isLetter = word.replace(/\P{L}/gu, '').length === 1;
  if (isLetter && !isUnspacedScript(word)) return !beginsTerm.test(behind);
  return !isKnownWord(word, vocabulary);
}

function nameAfter(text: string, at: number, vocabulary: Vocabulary): number {
  let end = at;
  let isFirstUnspaced = false;
  for (let count = 0; count < mostNameWords; count++) {
    const between = count === 0 ? '' : (betweenNameWords.exec(text.slice(end))?.[0] ?? undefined);
    if (between === undefined) break;
    const word = nameWord.exec(text.slice(end + between.length))?.[0];
    if (word === undefined) break;
    const next = end + between.length + word.length;
    // The first word behind a title is a name whatever it means.
    if (count === 0) isFirstUnspaced = isUnspacedScript(word);
    else if (!goesOn(word, text.slice(next, next + 2), isFirstUnspaced, vocabulary)) break;
    end = next;
  }
  return end;
}

function unlessOrdinary(text: string, start: number, value: string, vocabulary: Vocabulary): readonly Span[] {
  const words = value.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (words.every((word) => word.length > 1 && vocabulary.has(word))) return [];
  return [
    {
      start,
      end: start + value.length - (text.slice(start, start + value.length).match(/\s+$/)?.[0].length ?? 0),
    },
  ];
}

/** A name as PN components: letters on both sides of a caret, none of which a protocol uses. */
const caretName = /(?<![\p{L}\p{N}^])\p{L}[\p{L}\p{M}'’-]+(?:\^[\p{L}\p{M}'’.-]+)+(?![\p{L}\p{N}])/gu;

function caretNames(text: string, vocabulary: Vocabulary): readonly Span[] {
  return [...text.matchAll(caretName)].flatMap((match) => {
    const words = match[0].match(/[\p{L}\p{M}]+/gu) ?? [];
    if (words.some((word) => word.length > 1 && vocabulary.has(word))) return [];
    return [{ start: match.index, end: match.index + match[0].length }];
  });
}

/** The values that titles and labels introduce; labels themselves stay. */
export function introducedValues(text: string, vocabulary: Vocabulary): readonly Span[] {
  const spans: Span[] = [...caretNames(text, vocabulary)];
  for (const match of text.matchAll(title)) {
    const at = match.index + match[0].length;
    const end = nameAfter(text, at, vocabulary);
    if (end > at) spans.push({ start: match.index, end });
  }
  for (const match of text.matchAll(nameLabel)) {
    const start = match.index + match[0].length;
    const value = labelledName.exec(text.slice(start))?.[0];
    if (value !== undefined) spans.push({ start, end: start + value.trimEnd().length });
  }
  for (const pattern of [roleLabel, byPhrase]) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const value = labelledName.exec(text.slice(start))?.[0];
      if (value !== undefined) {
        const words = value.split(/\s+/).slice(0, mostNameWords);
        spans.push(...unlessOrdinary(text, start, value.slice(0, words.join(' ').length), vocabulary));
      }
    }
  }
  for (const pattern of [numberLabel, idLabel]) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const value = labelledNumber.exec(text.slice(start))?.[0];
      if (value !== undefined && /\d/.test(value)) spans.push({ start, end: start + value.length });
    }
  }
  for (const match of text.matchAll(honorificAfter)) {
    spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}
