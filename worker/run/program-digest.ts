/** Which program made the outputs: a digest of the files that it consists of, the same on every machine. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
let known: string | undefined;

/**
 * `sha256:…` over a line `<SHA-256> <path>` for each source and data file of the two rooms and for package.json, which
 * pins the dependencies; in order of paths, without tests. Read once a process.
 */
export function programDigest(): string {
  known ??= computeDigest();
  return known;
}

function computeDigest(): string {
  const paths = ['crds', 'worker']
    .flatMap((room) =>
      readdirSync(join(packageFolder, room), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(room, path).replaceAll('\\', '/'),
      ),
    )
    .filter((path) => /\.(?:ts|mjs|json)$/.test(path) && !path.endsWith('.test.ts'))
    .concat('package.json')
    .sort();
  const digest = createHash('sha256');
  for (const path of paths) {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(packageFolder, path)))
      .digest('hex');
    digest.update(`${sha256} ${path}\n`);
  }
  return `sha256:${digest.digest('hex')}`;
}
