/** The keyed identity of the patient of one object: pseudonym, days, and what is written where the object names nobody. */
import type { DataSet } from '../dicom/element.ts';
import { encodeElement } from '../dicom/encode-element.ts';
import type { Tag } from '../dicom/tag.ts';
import type { ReasonCode } from '../reason-codes.ts';
import type { ObjectIdentity } from './application.ts';
import { textOf, trimPadding } from './element-value.ts';
import type { KeyedPatient } from './identity/keyed-patients.ts';
import {
  type KnownIdentity,
  type PatientIdentity,
  resolvePatientIdentity,
} from './identity/patient-identity.ts';
import { insertionPoint } from './insertion-point.ts';
import type { ObjectContext } from './object-context.ts';
import type { ObjectEditor } from './object-editor.ts';
import { elementIn, type Scope } from './scope.ts';

const patientName: Tag = 0x00100010;
const patientId: Tag = 0x00100020;
const issuerOfPatientId: Tag = 0x00100021;
const studyInstanceUid: Tag = 0x0020000d;
const sopInstanceUid: Tag = 0x00080018;

export type ResolvedIdentity =
  | ({
      readonly kind: 'resolved';
      /** Writes Patient's Name and Patient ID where the object has a study but lacks the elements. */
      insertMissing(dataSet: DataSet, editor: ObjectEditor): void;
    } & ObjectIdentity)
  | { readonly kind: 'rejected'; readonly reason: ReasonCode };

function textIn(scope: Scope, tag: Tag, object: ObjectContext): string | undefined {
  const element = elementIn(scope.dataSet, tag);
  if (element === undefined || element.items !== undefined) return undefined;
  const text = trimPadding(textOf(element, scope, object.body).text);
  return text === '' ? undefined : text;
}

/** Resolves who the object is about. Nested data sets that name a patient of their own get that patient's pseudonym. */
export function resolveObjectIdentity(
  root: Scope,
  object: ObjectContext,
  keyed: (identity: KnownIdentity) => KeyedPatient,
  mapUid: (uid: string) => string,
): ResolvedIdentity {
  const { patientIdentity } = object.profile;
  const resolve = (scope: Scope): PatientIdentity =>
    resolvePatientIdentity({
      patientId: textIn(scope, patientId, object),
      issuer: textIn(scope, issuerOfPatientId, object),
      studyInstanceUid: textIn(root, studyInstanceUid, object),
      sopInstanceUid: textIn(root, sopInstanceUid, object),
      defaultIssuer: patientIdentity.defaultIssuer,
      missing: patientIdentity.missing,
    });
  const own = resolve(root);
  if (own.kind === 'rejected') return own;
  const { pseudonym: rootPseudonym, dayOffset } = keyed(own);
  return {
    kind: 'resolved',
    mapUid,
    shiftDays: -dayOffset,
    pseudonym: (scope) => {
      for (let at: Scope | undefined = scope; at?.parent !== undefined; at = at.parent) {
        if (textIn(at, patientId, object) === undefined) continue;
        const nested = resolve(at);
        return nested.kind === 'rejected' ? rootPseudonym : keyed(nested).pseudonym;
      }
      return rootPseudonym;
    },
    insertMissing: (dataSet, editor) => {
      if (elementIn(dataSet, studyInstanceUid) === undefined) return;
      for (const [tag, vr] of [
        [patientName, 'PN'],
        [patientId, 'LO'],
      ] as const) {
        if (elementIn(dataSet, tag) !== undefined) continue;
        const value = Buffer.from(rootPseudonym, 'latin1');
        editor.insert(insertionPoint(dataSet, tag), encodeElement({ tag, vr, value }, dataSet.encoding));
      }
    },
  };
}
