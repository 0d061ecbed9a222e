/**
 * Overlay planes count as pixels: what they show cannot be read here, so their groups go whole, with the planes that
 * retired objects hide in the unused high bits of Pixel Data (PS3.3 section C.9.2, PS3.5 section 8.1.2).
 */
import type { Element } from '../dicom/element.ts';
import { elementOf, groupOf } from '../dicom/tag.ts';
import type { Decision } from '../profile/action.ts';
import type { Scope } from './scope.ts';

const overlayData = 0x3000;
const overlayBitPosition = 0x0102;

function isOverlayGroup(group: number): boolean {
  return (group & 0xff00) === 0x6000 && (group & 1) === 0;
}

/**
 * The 60xx groups of the object that are removed: those whose plane the profile removes, and those without a plane of
 * their own, which lies in the high bits then.
 */
export function removedOverlayGroups(
  root: Scope,
  decide: (element: Element) => Decision,
): ReadonlySet<number> {
  const removed = new Set<number>();
  const kept = new Set<number>();
  for (const element of root.dataSet.elements) {
    const group = groupOf(element.tag);
    if (!isOverlayGroup(group)) continue;
    if (elementOf(element.tag) === overlayData) {
      (decide(element).action.kind === 'keep' ? kept : removed).add(group);
    } else if (elementOf(element.tag) === overlayBitPosition) removed.add(group);
  }
  return new Set([...removed].filter((group) => !kept.has(group)));
}
