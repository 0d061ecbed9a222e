/** The profile `research`: dates shifted, text and structured content cleaned, what research needs kept. */
import type { DeidProfileInput } from '../v1alpha1/profile.ts';

export const research = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidProfile',
  metadata: { name: 'research' },
  spec: {
    dicom: {
      basis: {
        edition: '2026c',
        options: [
          'CleanDescriptors',
          'CleanStructuredContent',
          'RetainLongitudinalModifiedDates',
          'RetainSafePrivate',
          'RetainPatientCharacteristics',
        ],
      },
      unlisted: 'keep',
    },
  },
} as const satisfies DeidProfileInput;
