/**
 * The profile `strict`: an allow list. Attributes that the standard's table does not name go, objects without a patient
 * are held back, and a person looks at pixels that often have text in them.
 */
import type { DeidProfileInput } from '../v1alpha1/profile.ts';

export const strict = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidProfile',
  metadata: { name: 'strict' },
  spec: {
    dicom: {
      basis: { edition: '2026c', options: [] },
      unlisted: 'remove',
      patientIdentity: { missing: 'reject' },
    },
    pixels: { unchecked: 'review' },
    documents: 'reject',
  },
} as const satisfies DeidProfileInput;
