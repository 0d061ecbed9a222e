/**
 * Writes the standards' facts in `worker/standards/data` from the published tables.
 *
 * node scripts/standards/generate.ts --standards DIR [--iods DIR] [--target DIR]
 *
 * `--standards` holds the tables of PS3.6 and PS3.15 2026c, the private-tag knowledge base and the private dictionaries;
 * `--iods` the JSON maps of highdicom (`module_attribute_map.json`, `iod_module_map.json`, `sop_class_iod_map.json`).
 * Without `--iods` the Types of attributes are left as they are; `--target` writes elsewhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attributeTypesData } from './attribute-types.ts';
import { confidentialityData } from './confidentiality.ts';
import { dictionaryData } from './dictionary.ts';
import { privateData } from './private-elements.ts';
import { structuredContentData } from './structured-content.ts';
import { uidsData } from './uids.ts';

const { values } = parseArgs({
  options: { standards: { type: 'string' }, iods: { type: 'string' }, target: { type: 'string' } },
});
if (values.standards === undefined) throw new Error('--standards DIR is missing');
const standards = values.standards;
const read = (name: string): string => readFileSync(join(standards, name), 'utf8');
const target = values.target ?? join(import.meta.dirname, '../../worker/standards/data');
const write = (name: string, data: unknown): void =>
  writeFileSync(join(target, name), `${JSON.stringify(data)}\n`);

write('dictionary.json', dictionaryData(read('dictionary/ps3.6_data_elements_2026c.tsv')));
write('uids.json', uidsData(read('dictionary/ps3.6_uids_2026c.tsv')));
write('confidentiality.json', confidentialityData(read('ps3.15_E.1-1_2026c.json')));
write(
  'structured-content.json',
  structuredContentData(read('ps3.15_E.3.4-1_SR_content_item_codes_2026c.json')),
);
write(
  'private-elements.json',
  privateData({
    safe: read('ps3.15_E.3.10-1_safe_private_attributes_2026c.json'),
    knowledgeBase: read('private_tags/TCIAPrivateTagKB-02-01-2024.csv'),
    gdcm: read('private_tags/gdcm_privatedicts.xml'),
  }),
);
if (values.iods !== undefined) {
  const iods = values.iods;
  const readIods = (name: string): string => readFileSync(join(iods, name), 'utf8');
  write(
    'attribute-types.json',
    attributeTypesData({
      dictionary: read('dictionary/ps3.6_data_elements_2026c.tsv'),
      attributes: readIods('module_attribute_map.json'),
      modules: readIods('iod_module_map.json'),
      sopClasses: readIods('sop_class_iod_map.json'),
    }),
  );
}
