/**
 * Writes the verifier's own tables in `worker/verify/data` from the published ones.
 *
 * node scripts/verify-tables/generate.ts --standards DIR [--iods DIR] [--target DIR]
 *
 * `--iods` holds the JSON maps of highdicom (`module_attribute_map.json`, `iod_module_map.json`,
 * `sop_class_iod_map.json`); without it the table of required attributes is left as it is.
 * It shares no code with `scripts/standards`, whose tables the engine reads: a mistake in one of the two is seen where
 * the two disagree.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { privateTable } from './private-table.ts';
import { requiredAttributes } from './required-attributes.ts';
import { attributeTable, conceptTable, confidentialityTable, uidTable } from './standard-tables.ts';
import { standardWords } from './standard-words.ts';

const { values } = parseArgs({
  options: { standards: { type: 'string' }, iods: { type: 'string' }, target: { type: 'string' } },
});
if (values.standards === undefined) throw new Error('--standards DIR is missing');
const { standards, iods } = values;
const to = values.target ?? join(import.meta.dirname, '../../worker/verify/data');
const text = (name: string, from = standards): string => readFileSync(join(from, name), 'utf8');

const elements = text('dictionary/ps3.6_data_elements_2026c.tsv');
const attributes = attributeTable(elements);
const uids = text('dictionary/ps3.6_uids_2026c.tsv');
const concepts = text('ps3.15_E.3.4-1_SR_content_item_codes_2026c.json');
const tables: Readonly<Record<string, unknown>> = {
  'standard.json': {
    edition: '2026c',
    attributes,
    confidentiality: confidentialityTable(text('ps3.15_E.1-1_2026c.json')),
    concepts: conceptTable(concepts),
    uids: uidTable(uids),
    words: standardWords([elements, uids, concepts]),
  },
  'private.json': privateTable({
    table: text('ps3.15_E.3.10-1_safe_private_attributes_2026c.json'),
    knowledge: text('private_tags/TCIAPrivateTagKB-02-01-2024.csv'),
    dictionary: text('dictionary/dcmtk_private.dic'),
  }),
  ...(iods === undefined
    ? {}
    : {
        'required.json': requiredAttributes({
          attributes,
          modules: text('module_attribute_map.json', iods),
          iods: text('iod_module_map.json', iods),
          sopClasses: text('sop_class_iod_map.json', iods),
        }),
      }),
};
for (const [name, table] of Object.entries(tables)) {
  writeFileSync(join(to, name), `${JSON.stringify(table)}\n`);
}
