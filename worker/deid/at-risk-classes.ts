/**
 * Objects whose pixels often hold text: ultrasound, secondary captures, photographs, endoscopy, scanned documents
 * (PS3.15 E.3.1 and the practice of archives). Told by SOP class, modality and Image Type, never by a flag that says "no".
 */
const sopClasses: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.3',
  '1.2.840.10008.5.1.4.1.1.3.1',
  '1.2.840.10008.5.1.4.1.1.6',
  '1.2.840.10008.5.1.4.1.1.6.1',
  '1.2.840.10008.5.1.4.1.1.6.2',
  '1.2.840.10008.5.1.4.1.1.6.3',
  '1.2.840.10008.5.1.4.1.1.7',
  '1.2.840.10008.5.1.4.1.1.7.1',
  '1.2.840.10008.5.1.4.1.1.7.2',
  '1.2.840.10008.5.1.4.1.1.7.3',
  '1.2.840.10008.5.1.4.1.1.7.4',
  '1.2.840.10008.5.1.4.1.1.77.1.1',
  '1.2.840.10008.5.1.4.1.1.77.1.1.1',
  '1.2.840.10008.5.1.4.1.1.77.1.2',
  '1.2.840.10008.5.1.4.1.1.77.1.2.1',
  '1.2.840.10008.5.1.4.1.1.77.1.4',
  '1.2.840.10008.5.1.4.1.1.77.1.4.1',
  '1.2.840.10008.5.1.4.1.1.77.1.5.1',
  '1.2.840.10008.5.1.4.1.1.77.1.5.2',
]);

const modalities: ReadonlySet<string> = new Set([
  'US',
  'IVUS',
  'XC',
  'GM',
  'ES',
  'SC',
  'OT',
  'DOC',
  'OP',
  'SMR',
]);

/** Image Type values that name a screen or a scan of paper. */
const capturedImageTypes: ReadonlySet<string> = new Set([
  'SCREEN SAVE',
  'SCREENSHOT',
  'SCREEN',
  'CAPTURED',
  'SCANNED',
]);

/** Whether the pixels of an object should be looked at before it leaves. */
export function isAtRiskOfBurnedInText(object: {
  readonly sopClass: string | undefined;
  readonly modality: string | undefined;
  readonly imageType: readonly string[];
  readonly hasPixelData: boolean;
}): boolean {
  if (!object.hasPixelData) return false;
  if (object.sopClass !== undefined && sopClasses.has(object.sopClass)) return true;
  if (object.modality !== undefined && modalities.has(object.modality)) return true;
  return object.imageType.some((value) => capturedImageTypes.has(value.toUpperCase()));
}
