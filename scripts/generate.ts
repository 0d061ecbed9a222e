/** Writes the files of chart and examples that are made from sources elsewhere: `npm run generate`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { argocdFiles } from './argocd/argocd-files.ts';
import { chartFiles } from './chart/chart-files.ts';

for (const [path, text] of [...chartFiles(), ...argocdFiles()]) {
  const file = join(import.meta.dirname, '..', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
