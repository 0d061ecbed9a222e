/** Writes the CRD files beside this script: `npm run generate`. */
import { writeFile } from 'node:fs/promises';
import { definitionFiles } from './definition-yaml.ts';

for (const [name, text] of definitionFiles()) await writeFile(new URL(name, import.meta.url), text);
