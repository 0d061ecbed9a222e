/** The types that come from the schemas are what readers of the code expect; this file is checked by the compiler. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DeidJobInput, DeidJobSpec } from './job.ts';
import type { DeidProfileInput, DeidProfileSpec } from './profile.ts';
import type { WrittenAction } from './rule-action.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

const checked: readonly true[] = [
  true satisfies Equal<DeidProfileSpec['dicom']['unlisted'], 'keep' | 'remove' | 'reject'>,
  true satisfies Equal<DeidProfileSpec['dicom']['dates']['shiftDays']['maxDays'], number>,
  true satisfies Equal<DeidProfileSpec['dicom']['rules'][number]['match']['keyword'], string | undefined>,
  true satisfies Equal<DeidProfileSpec['documents'], 'reject' | 'remove'>,
  true satisfies Equal<DeidProfileInput['spec'] extends { readonly dicom?: unknown } ? true : false, true>,
  true satisfies Equal<
    DeidJobSpec['shards'],
    { readonly targetBytes: string | number; readonly max: number }
  >,
  true satisfies Equal<
    DeidJobSpec['key']['secretRef'],
    { readonly name: string; readonly key: string } | undefined
  >,
  true satisfies Equal<
    DeidJobInput['spec']['destination']['volume'],
    { readonly claimName: string; readonly path?: string } | undefined
  >,
  true satisfies Equal<
    NonNullable<DeidJobInput['spec']['source']['s3']>,
    {
      readonly bucket: string;
      readonly prefix?: string;
      readonly region?: string;
      readonly endpoint?: string;
      readonly forcePathStyle?: boolean;
      readonly expectedBucketOwner?: string;
      readonly requesterPays?: boolean;
    }
  >,
  true satisfies Equal<DeidJobSpec['workArea']['encryption'], { readonly kmsKeyId: string } | undefined>,
  true satisfies Equal<
    WrittenAction,
    | 'keep'
    | 'remove'
    | 'empty'
    | 'pseudonym'
    | 'remapUID'
    | 'shiftDate'
    | { readonly replace: string }
    | { readonly clean: 'text' }
    | { readonly cleanMatch: true }
    | { readonly cap: { readonly above: number } }
    | { readonly generalise: { readonly to: 'year' | 'month' | 'decade' } }
  >,
];

it('the types of the schemas are those that the code is written against', () => {
  assert.ok(checked.every(Boolean));
});
