/** What is wrong with a document, said to the person who wrote it. */

export type ProblemCode =
  /** The value is no object with apiVersion and kind. */
  | 'NotADocument'
  /** The kind is not one of ours. */
  | 'UnknownKind'
  /** The group or version is not one that this program reads. */
  | 'UnsupportedVersion'
  /** No field of that name exists; the hint names one that is spelt alike. */
  | 'UnknownField'
  /** The design has the field or value, this version does not. */
  | 'Unsupported'
  /** A field that must stand is missing. */
  | 'Missing'
  /** The value does not fit the field. */
  | 'Invalid'
  /** Each of two fields is well, the two together are not. */
  | 'Conflict'
  /** Two areas of a job are the same folder, or one lies within the other. */
  | 'OverlappingAreas'
  /** PS3.6 has no attribute of that keyword. */
  | 'UnknownKeyword';

/** Steps from the root of a document: names of fields and indexes from 0. */
export type Segments = readonly (string | number)[];

/** One thing to correct. The message may quote words of a fixed vocabulary that the author wrote, and nothing else. */
export interface Problem {
  readonly code: ProblemCode;
  /** {@link Segments} as people read them: `spec.dicom.rules[2].action`. Empty for the document as a whole. */
  readonly path: string;
  readonly segments: Segments;
  /** Follows the path in a sentence: `must be one of keep, remove`. */
  readonly message: string;
  /** What to do, where that is known. */
  readonly hint?: string;
}

/** `spec.dicom.rules[2].action`; a name that is no plain word stands as `["a/b"]`. */
export function formatPath(segments: Segments): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(segment)) path += `[${JSON.stringify(segment)}]`;
    else path += path === '' ? segment : `.${segment}`;
  }
  return path;
}

export function problem(code: ProblemCode, segments: Segments, message: string, hint?: string): Problem {
  const base = { code, path: formatPath(segments), segments, message };
  return hint === undefined ? base : { ...base, hint };
}

/** A document, or what is wrong with it; never both. */
export type Validated<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };
