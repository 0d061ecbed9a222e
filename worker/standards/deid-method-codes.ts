/** De-identification methods, PS3.16 CID 7050, coding scheme DCM. */
export const deidMethodCodes: Readonly<Record<string, { readonly meaning: string }>> = {
  113100: { meaning: 'Basic Application Confidentiality Profile' },
  113101: { meaning: 'Clean Pixel Data Option' },
  113102: { meaning: 'Clean Recognizable Visual Features Option' },
  113103: { meaning: 'Clean Graphics Option' },
  113104: { meaning: 'Clean Structured Content Option' },
  113105: { meaning: 'Clean Descriptors Option' },
  113106: { meaning: 'Retain Longitudinal Temporal Information Full Dates Option' },
  113107: { meaning: 'Retain Longitudinal Temporal Information Modified Dates Option' },
  113108: { meaning: 'Retain Patient Characteristics Option' },
  113109: { meaning: 'Retain Device Identity Option' },
  113110: { meaning: 'Retain UIDs Option' },
  113111: { meaning: 'Retain Safe Private Option' },
  113112: { meaning: 'Retain Institution Identity Option' },
};
