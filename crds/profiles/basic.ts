/** The profile `basic`: the Basic Application Level Confidentiality Profile of PS3.15 without options. */
import type { DeidProfileInput } from '../v1alpha1/profile.ts';

export const basic = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidProfile',
  metadata: { name: 'basic' },
  spec: { dicom: { basis: { edition: '2026c', options: [] }, unlisted: 'keep' } },
} as const satisfies DeidProfileInput;
