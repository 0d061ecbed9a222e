/** Globs over keys: `*` within a folder, `**` across folders, `?` for one character. All else stands for itself. */

const syntax = /\*\*\/|\*\*|\*|\?|[^*?]+/g;

function source(token: string): string {
  switch (token) {
    case '**/':
      return '(?:.*/)?';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    default:
      return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
}

function compiled(glob: string): RegExp {
  return new RegExp(`^${(glob.match(syntax) ?? []).map(source).join('')}$`, 'su');
}

/** Whether a key is wanted: it matches one of `include`, or there are none, and none of `exclude`. */
export function keySelector(select: {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}): (key: string) => boolean {
  const include = select.include.map(compiled);
  const exclude = select.exclude.map(compiled);
  return (key) =>
    (include.length === 0 || include.some((glob) => glob.test(key))) &&
    !exclude.some((glob) => glob.test(key));
}
