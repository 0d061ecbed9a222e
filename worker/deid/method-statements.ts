/**
 * The statements that an output carries about its own de-identification (PS3.15 E.1.1): each is written only where it is
 * true of this object. Pixels are not looked at yet, so Clean Pixel Data (113101) is never among them.
 */

import type { DataSet, Encoding } from '../dicom/element.ts';
import { encodeElement, encodeSequence } from '../dicom/encode-element.ts';
import type { Tag } from '../dicom/tag.ts';
import type { Vr } from '../dicom/vr.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { ConfidentialityOption } from '../standards/confidentiality-table.ts';
import { deidMethodCodes } from '../standards/deid-method-codes.ts';
import { insertionPoint } from './insertion-point.ts';
import type { ObjectEditor } from './object-editor.ts';

/** The code of CID 7050 that states each option. */
const optionCodes: Readonly<Record<ConfidentialityOption, string>> = {
  CleanGraphics: '113103',
  CleanStructuredContent: '113104',
  CleanDescriptors: '113105',
  RetainLongitudinalFullDates: '113106',
  RetainLongitudinalModifiedDates: '113107',
  RetainPatientCharacteristics: '113108',
  RetainDeviceIdentity: '113109',
  RetainUIDs: '113110',
  RetainSafePrivate: '113111',
  RetainInstitutionIdentity: '113112',
};

const basicProfileCode = '113100';

/**
 * Codes of CID 7050 that are true of an object de-identified under the profile. Retain Safe Private is stated only where
 * a private element was kept.
 */
function methodCodes(profile: CompiledProfile, keepsPrivate: boolean): readonly string[] {
  const options = [...profile.options].filter((option) => option !== 'RetainSafePrivate' || keepsPrivate);
  return [basicProfileCode, ...options.map((option) => optionCodes[option])].sort();
}

const longitudinal: Readonly<Record<CompiledProfile['dates'], string>> = {
  remove: 'REMOVED',
  shift: 'MODIFIED',
  keep: 'UNMODIFIED',
};

function ascii(tag: Tag, vr: Vr, text: string, encoding: Encoding): Uint8Array {
  return encodeElement({ tag, vr, value: Buffer.from(text, 'latin1') }, encoding);
}

function codeItem(code: string, encoding: Encoding): Uint8Array {
  return Buffer.concat([
    ascii(0x00080100, 'SH', code, encoding),
    ascii(0x00080102, 'SH', 'DCM', encoding),
    ascii(0x00080104, 'LO', deidMethodCodes[code]?.meaning ?? code, encoding),
  ]);
}

/** Writes the statements into the root data set and returns the codes. Earlier statements have been removed. */
export function insertStatements(
  dataSet: DataSet,
  profile: CompiledProfile,
  keepsPrivate: boolean,
  editor: ObjectEditor,
): readonly string[] {
  const { encoding } = dataSet;
  const codes = methodCodes(profile, keepsPrivate);
  const items = codes.map((code) => codeItem(code, encoding));
  const statements: readonly (readonly [Tag, Uint8Array])[] = [
    [0x00120062, ascii(0x00120062, 'CS', 'YES', encoding)],
    [0x00120063, ascii(0x00120063, 'LO', 'deid-operator PS3.15 2026c', encoding)],
    [0x00120064, encodeSequence(0x00120064, items, encoding)],
    [0x00280303, ascii(0x00280303, 'CS', longitudinal[profile.dates], encoding)],
  ];
  for (const [tag, bytes] of statements) editor.insert(insertionPoint(dataSet, tag), bytes);
  return codes;
}
