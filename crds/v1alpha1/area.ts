/** The areas of a job, source, destination, quarantine and work area: where they lie, and that they lie apart. */
import { type CelRule, defaulted, object, required, text, type Value } from '../schema/schema.ts';

const volume = object('A folder on a PersistentVolumeClaim.', {
  claimName: required(
    text(
      'Name of the PersistentVolumeClaim in the namespace of the job. On one machine --volume NAME=DIR binds it to a folder.',
      {
        minLength: 1,
        maxLength: 253,
        pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
        expected: 'lower-case letters, digits, dashes and dots, a letter or digit first and last',
      },
    ),
  ),
  path: defaulted(
    text('Folder within the claim, relative, without . and .. segments. Default: empty, the whole claim.', {
      maxLength: 1024,
      pattern: '^((([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)/)*([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)/?)?$',
      expected: 'a relative folder such as ct/2026, without empty, . and .. segments',
    }),
    '',
  ),
});

export type Volume = Value<typeof volume>;

/** The fields that every area has. */
export const areaFields = { volume: required(volume) } as const;

/** Kinds of area that this version does not support. */
export const laterAreas = { s3: 'object' } as const;

/** An area, as destination, quarantine and work area are. */
export function area(description: string, later: Readonly<Record<string, 'object'>> = {}) {
  return object(description, areaFields, { later: { ...laterAreas, ...later } });
}

/** The areas of a job's spec, in the order in which people read them. */
export const areaNames = ['source', 'destination', 'quarantine', 'workArea'] as const;
export type AreaName = (typeof areaNames)[number];

/** Every two of the areas. */
export const areaPairs: readonly (readonly [AreaName, AreaName])[] = areaNames.flatMap((first, index) =>
  areaNames.slice(index + 1).map((second) => [first, second] as const),
);

/** The folder as a prefix of keys: empty, or ending in a slash. */
function prefixOf({ path }: Volume): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/** True where one folder holds the other or is the same. */
export function overlaps(first: Volume, second: Volume): boolean {
  if (first.claimName !== second.claimName) return false;
  const [a, b] = [prefixOf(first), prefixOf(second)];
  return a.startsWith(b) || b.startsWith(a);
}

function celPrefix(name: AreaName): string {
  const path = `self.${name}.volume.path`;
  return `(${path} == '' || ${path}.endsWith('/') ? ${path} : ${path} + '/')`;
}

/** {@link overlaps} for the API server, a rule for every two areas of the spec. */
export const apartRules: readonly CelRule[] = areaPairs.map(([first, second]) => ({
  rule:
    `self.${first}.volume.claimName != self.${second}.volume.claimName || ` +
    `!(${celPrefix(first)}.startsWith(${celPrefix(second)}) || ${celPrefix(second)}.startsWith(${celPrefix(first)}))`,
  message: `spec.${first} and spec.${second} overlap; give each a folder of its own, none within another.`,
}));
