/** DICOM tags as unsigned 32-bit numbers, group in the high half (PS3.5 section 7.1). */

/** A tag: `group * 0x10000 + element`. */
export type Tag = number;

export function tagOf(group: number, element: number): Tag {
  return ((group << 16) | element) >>> 0;
}

export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}

/** Private elements have an odd group number (PS3.5 section 7.8). */
export function isPrivate(tag: Tag): boolean {
  return (tag & 0x10000) !== 0;
}

/** Private Creator elements are (gggg,0010-00FF) with gggg odd (PS3.5 section 7.8.1). */
export function isPrivateCreator(tag: Tag): boolean {
  const element = tag & 0xffff;
  return isPrivate(tag) && element >= 0x10 && element <= 0xff;
}

/** Group Length elements are (gggg,0000), retired outside the File Meta Information and commands (PS3.5 section 7.2). */
export function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}

/** `(gggg,eeee)` in upper-case hexadecimal. */
export function formatTag(tag: Tag): string {
  const hex = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

/** Reads `(gggg,eeee)` or `ggggeeee`; undefined where the text is neither. */
export function parseTag(text: string): Tag | undefined {
  const match = /^\(?([0-9a-fA-F]{4}),?([0-9a-fA-F]{4})\)?$/.exec(text);
  return match === null
    ? undefined
    : tagOf(Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16));
}
