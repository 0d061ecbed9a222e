/**
 * The attributes that the IOD of a SOP class requires (PS3.3, Types 1, 1C, 2 and 2C), at whatever depth: what may stay
 * where a profile lets go of all that no table lists. Modules hold tags of eight digits one behind the other.
 */

interface ModuleAttribute {
  readonly keyword: string;
  readonly type: string | null;
}

export interface RequiredSources {
  /** The attribute table of PS3.6, as `attributeTable` writes it. */
  readonly attributes: readonly string[];
  /** JSON maps: attributes by module, modules by IOD, IODs by SOP class. */
  readonly modules: string;
  readonly iods: string;
  readonly sopClasses: string;
}

const required: ReadonlySet<string> = new Set(['1', '1C', '2', '2C']);

export function requiredAttributes(sources: RequiredSources): unknown {
  const tagOf = new Map(
    sources.attributes.map((line): [string, string] => {
      const [tag = '', keyword = ''] = line.split(' ');
      return [keyword, tag.replaceAll('x', '0')];
    }),
  );
  const attributes = JSON.parse(sources.modules) as Readonly<Record<string, readonly ModuleAttribute[]>>;
  const iods = JSON.parse(sources.iods) as Readonly<Record<string, readonly { readonly key: string }[]>>;
  const names = Object.keys(attributes).sort();
  const number = new Map(names.map((name, index) => [name, index]));
  return {
    modules: names.map((name) =>
      [
        ...new Set(
          (attributes[name] ?? [])
            .filter(({ type }) => type !== null && required.has(type))
            .flatMap(({ keyword }) => tagOf.get(keyword) ?? []),
        ),
      ]
        .sort()
        .join(''),
    ),
    iods: Object.fromEntries(
      Object.entries(iods).map(([iod, list]) => [iod, list.flatMap(({ key }) => number.get(key) ?? [])]),
    ),
    sopClasses: JSON.parse(sources.sopClasses) as unknown,
  };
}
