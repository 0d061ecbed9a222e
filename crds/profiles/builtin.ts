/** The profiles that come with the product, by name, with their defaults filled in. */
import { withDefaults } from '../schema/defaults.ts';
import { frozenCopy } from '../schema/frozen-copy.ts';
import type { BuiltinProfileName } from '../v1alpha1/job.ts';
import { type DeidProfile, type DeidProfileInput, deidProfile } from '../v1alpha1/profile.ts';
import { basic } from './basic.ts';
import { research } from './research.ts';
import { strict } from './strict.ts';

function complete(profile: DeidProfileInput): DeidProfile {
  return frozenCopy(withDefaults(deidProfile.node, profile) as DeidProfile);
}

export const builtinProfiles: Readonly<Record<BuiltinProfileName, DeidProfile>> = Object.freeze({
  basic: complete(basic),
  research: complete(research),
  strict: complete(strict),
});
