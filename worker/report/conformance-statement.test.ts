import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import { confidentialityRows } from '../standards/confidentiality-table.ts';
import { conformanceStatement } from './conformance-statement.ts';
import type { Statement, Table } from './document.ts';

function statementOf(profile: keyof typeof builtinProfiles): Statement {
  const { metadata, spec } = builtinProfiles[profile];
  const runSpec = { job: { name: 'j' }, profile: { name: metadata.name, spec } } as RunSpec;
  return conformanceStatement(runSpec, '1.0.0');
}

function tableOf({ sections }: Statement, caption: string): Table {
  for (const block of sections.flatMap(({ blocks }) => blocks))
    if (block.kind === 'table' && block.caption === caption) return block;
  return assert.fail(`no table ${caption}`);
}

describe('the conformance statement', () => {
  it('has what PS3.15 E.1.3 lists', () => {
    assert.deepEqual(
      statementOf('basic').sections.map(({ heading }) => heading),
      [
        'What is claimed',
        'Attributes that are removed and replaced',
        'How replacement values are made',
        'Dates, times and ages',
        'Descriptors, text and graphics',
        'Private attributes',
        'Pixels and documents',
        'Attributes that are inserted',
        'Encrypted attributes',
        'Scope of references',
        'Limits',
      ],
    );
  });

  it('lists every row of Table E.1-1 with the code in force under the options', () => {
    const caption = 'Attributes of Table E.1-1 and the code in force';
    const rowOf = (profile: 'basic' | 'research', keyword: string) =>
      tableOf(statementOf(profile), caption).rows.find((row) => row[1] === keyword);
    assert.equal(tableOf(statementOf('basic'), caption).rows.length, confidentialityRows.length);
    assert.deepEqual(rowOf('basic', 'StudyDate'), ['(0008,0020)', 'StudyDate', 'Z', 'Z', '']);
    assert.deepEqual(rowOf('research', 'StudyDate'), [
      ...['(0008,0020)', 'StudyDate', 'Z', 'C', 'RetainLongitudinalModifiedDates'],
    ]);
    const sums = tableOf(statementOf('research'), 'Rows of Table E.1-1 by the code in force');
    assert.equal(
      sums.rows.reduce((sum, [, count]) => sum + Number(count), 0),
      confidentialityRows.length,
    );
  });

  it('differs where the profiles do', () => {
    const textOf = (profile: keyof typeof builtinProfiles) => JSON.stringify(statementOf(profile));
    assert.match(textOf('basic'), /says REMOVED/);
    assert.match(textOf('research'), /from 1 to 3,650.*says MODIFIED/s);
    assert.match(textOf('research'), /PatientSex/);
    assert.doesNotMatch(textOf('basic'), /Patient characteristics that stay/);
    assert.match(textOf('strict'), /are held for a person/);
  });
});
