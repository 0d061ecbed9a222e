/** Decides whom an object is about: a patient, or where it names none, the study it belongs to. */
import { normaliseUid } from './uid-map.ts';

export type PatientIdentity =
  | { readonly kind: 'patient'; readonly issuer: string; readonly patientId: string }
  | { readonly kind: 'study'; readonly studyInstanceUid: string }
  | { readonly kind: 'rejected'; readonly reason: 'MissingPatientIdentity' };

/** An identity that pseudonyms and date shifts can be made from. Its texts are normalised. */
export type KnownIdentity = Exclude<PatientIdentity, { readonly kind: 'rejected' }>;

/** What an object and its profile say; texts as decoded, undefined where the element is absent. */
export interface PatientIdentityFacts {
  readonly patientId: string | undefined;
  readonly issuer: string | undefined;
  readonly studyInstanceUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  /** The issuer of IDs that name none. */
  readonly defaultIssuer?: string | undefined;
  readonly missing: 'reject' | 'perStudy';
}

/**
 * Makes one text of the spellings of an ID or an issuer: NFKC, format characters gone, runs of control characters and
 * white space as one space, none at the ends, upper case, NFKC again because upper case can undo it.
 */
export function normalisePatientId(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toUpperCase()
    .normalize('NFKC');
}

/** An ID without a letter or digit of any script names nobody. */
function namesSomebody(patientId: string): boolean {
  return /[\p{L}\p{N}]/u.test(patientId);
}

/**
 * Resolves the identity of an object. A patient ID that is absent, or has neither letter nor digit, is missing: the
 * object is then rejected, or belongs to its study, or without a Study Instance UID to itself. An object without any of
 * these is rejected.
 */
export function resolvePatientIdentity(facts: PatientIdentityFacts): PatientIdentity {
  const patientId = normalisePatientId(facts.patientId ?? '');
  if (namesSomebody(patientId)) {
    const issuer = normalisePatientId(facts.issuer ?? '') || normalisePatientId(facts.defaultIssuer ?? '');
    return { kind: 'patient', issuer, patientId };
  }
  const studyInstanceUid =
    normaliseUid(facts.studyInstanceUid ?? '') || normaliseUid(facts.sopInstanceUid ?? '');
  return facts.missing === 'reject' || studyInstanceUid === ''
    ? { kind: 'rejected', reason: 'MissingPatientIdentity' }
    : { kind: 'study', studyInstanceUid };
}

/** The fields of an identity in every HMAC input: the kind keeps a patient and a study of equal text apart. */
export function identityFields(identity: KnownIdentity): readonly [string, string, string] {
  switch (identity.kind) {
    case 'patient':
      return ['patient', identity.issuer, identity.patientId];
    case 'study':
      return ['study', '', identity.studyInstanceUid];
    default:
      return identity satisfies never;
  }
}
