/** Writes the files of the chart that are made from sources elsewhere: `npm run generate`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chartFiles } from './chart-files.ts';

for (const [path, text] of chartFiles()) {
  const file = join(import.meta.dirname, '..', '..', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
