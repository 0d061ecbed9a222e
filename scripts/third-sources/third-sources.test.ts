/**
 * The tables of the engine and those of the second reader against sources that neither generator reads. A mistake that
 * both share, or that neither notices, is seen here.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isVr } from '../../worker/dicom/vr.ts';
import { modulesInUse } from '../../worker/standards/attribute-types.ts';
import { confidentialityRows, rowFor } from '../../worker/standards/confidentiality-table.ts';
import dictionary from '../../worker/standards/data/dictionary.json' with { type: 'json' };
import { lookup } from '../../worker/standards/dictionary.ts';
import { privateDisposition } from '../../worker/standards/safe-private.ts';
import { contentItemRow } from '../../worker/standards/structured-content.ts';
import { isWellKnown } from '../../worker/standards/uids.ts';
import standard from '../../worker/verify/data/standard.json' with { type: 'json' };
import {
  attributeOf,
  conceptOf,
  confidentialityOf,
  isRegisteredUid,
  isRequiredIn,
  isSafePrivate,
} from '../../worker/verify/tables.ts';
import {
  confidentialityDifferences,
  type Difference,
  dcmjsDifferences,
  dcmtkDifferences,
} from './differences.ts';
import {
  dcmjsAttribute,
  dcmtkAttributes,
  docBookConcepts,
  docBookConfidentiality,
  docBookSafePrivate,
  innoliticsSopClasses,
  jsonConfidentiality,
  type ThirdAttribute,
} from './published.ts';

const folder = join(import.meta.dirname, '../../../shared/data/standards');

function withSources(compare: () => void): (context: TestContext) => void {
  return (context) => {
    if (existsSync(folder)) compare();
    else {
      assert.ok(!process.env.CI, 'the reference data folder is missing');
      context.skip('the reference data folder is missing');
    }
  };
}

/** A tag that a pattern stands for: the digit 2 is even, as the groups of planes are. */
function sample(tag: string): number {
  return Number.parseInt(tag.replaceAll('x', '2'), 16);
}

const listed = (differences: readonly Difference[]): ReadonlySet<string> =>
  new Set(differences.flatMap(({ tags }) => tags));

/** One text for what a table says of an attribute, a row or a concept, so that texts can be compared. */
const attributeText = (keyword: string, vrs: readonly string[]): string =>
  `${keyword} ${[...vrs].sort().join()}`;
const rowText = (basic: string, options: Readonly<Record<string, string | undefined>>): string =>
  [
    basic,
    ...Object.entries(options)
      .map(([option, code]) => `${option}=${code}`)
      .sort(),
  ].join(' ');

/** The options of PS3.15 by the letters of the second reader's tables. */
const optionOfLetter: Readonly<Record<string, string>> = {
  s: 'CleanStructuredContent',
  g: 'CleanGraphics',
  m: 'RetainLongitudinalModifiedDates',
  t: 'CleanDescriptors',
  f: 'RetainLongitudinalFullDates',
  c: 'RetainPatientCharacteristics',
  d: 'RetainDeviceIdentity',
  i: 'RetainInstitutionIdentity',
  u: 'RetainUIDs',
  p: 'RetainSafePrivate',
};

type Ask<Of> = (of: Of) => string | undefined;

const attributes: Readonly<Record<string, Ask<number>>> = {
  engine: (tag) => {
    const entry = lookup(tag);
    return entry && attributeText(entry.keyword, entry.vrs);
  },
  'second reader': (tag) => {
    const entry = attributeOf(tag);
    return entry && attributeText(entry.keyword.replace('?', ''), entry.vrs);
  },
};

interface ReadRow {
  readonly basic: string;
  readonly options: ReadonlyMap<string, string>;
}

const readText = (row: ReadRow | undefined): string | undefined =>
  row &&
  rowText(
    row.basic,
    Object.fromEntries([...row.options].map(([letter, code]) => [optionOfLetter[letter], code])),
  );

const rows: Readonly<Record<string, Ask<number>>> = {
  engine: (tag) => {
    const row = rowFor(tag);
    return row && rowText(row.basic, row.options);
  },
  'second reader': (tag) => readText(confidentialityOf(tag)),
};

/** Items and delimiters have no VR, and no place in the second reader's table. */
const isAttribute = ({ tag, vrs }: ThirdAttribute): boolean => !tag.startsWith('0000') && vrs.length > 0;

describe('the attributes of PS3.6', () => {
  for (const [who, ask] of Object.entries(attributes)) {
    it(
      `are for the ${who} those of DCMTK's dictionary`,
      withSources(() => {
        const right = listed(dcmtkDifferences);
        const differing = dcmtkAttributes(folder)
          .filter(isAttribute)
          .filter(({ tag, keyword, vrs }) => ask(sample(tag)) !== attributeText(keyword, vrs))
          .map(({ tag }) => tag);
        assert.deepEqual(
          differing.filter((tag) => !right.has(tag)),
          [],
        );
      }),
    );
  }

  it(
    "are all in DCMTK's dictionary but for those that have no keyword",
    withSources(() => {
      const known = new Set(dcmtkAttributes(folder).map(({ tag }) => tag));
      const right = listed(dcmtkDifferences);
      for (const rowsOf of [
        dictionary.rows.map((row) => row.split('\t')),
        standard.attributes.map((row) => row.split(' ')),
      ]) {
        assert.ok(rowsOf.length > 5300);
        const unknown = rowsOf
          .map(([tag = '', keyword = '']) => ({ tag: tag.toLowerCase(), keyword }))
          // Patterns in the midst of elements stand as single elements there.
          .filter(({ tag, keyword }) => !tag.includes('x') && keyword !== '' && keyword !== '?')
          .filter(({ tag }) => !known.has(tag) && !right.has(tag));
        assert.deepEqual(unknown, []);
      }
    }),
  );

  for (const [who, ask] of Object.entries(attributes)) {
    it(`are for the ${who} those of dcmjs, as far as it knows them`, () => {
      const right = listed(dcmjsDifferences);
      let compared = 0;
      const differing = dictionary.rows
        .map((row) => row.split('\t', 2))
        .filter(([tag = '', keyword]) => !tag.includes('x') && keyword !== '')
        .map(([tag = '']) => tag.toLowerCase())
        .filter((tag) => {
          const found = dcmjsAttribute(tag);
          if (found === undefined || found.vrs.length === 0) return false;
          compared += 1;
          return ask(sample(tag)) !== attributeText(found.keyword, found.vrs);
        });
      assert.ok(compared > 4500, `${compared} were compared`);
      assert.deepEqual(
        differing.filter((tag) => !right.has(tag)),
        [],
      );
    });
  }
});

describe('Table E.1-1', () => {
  for (const [who, ask] of Object.entries(rows)) {
    it(
      `is for the ${who} that of PS3.15's DocBook source`,
      withSources(() => {
        const published = docBookConfidentiality(folder);
        assert.equal(published.length, 655);
        for (const { tag, basic, options } of published)
          assert.equal(ask(sample(tag)), rowText(basic, options), tag);
      }),
    );

    for (const [name, file] of [
      ['DIAG', 'diag_confidentiality_profile_attributes_2025.json'],
      ['Innolitics', 'innolitics_confidentiality_profile_attributes_2024e.json'],
    ] as const) {
      it(
        `is for the ${who} that of ${name}, but for what came later`,
        withSources(() => {
          const right = listed(confidentialityDifferences[name]);
          const other = new Map(jsonConfidentiality(folder, file).map((row) => [row.tag, row]));
          const differing = new Set([
            ...[...other.values()]
              .filter(({ tag, basic, options }) => ask(sample(tag)) !== rowText(basic, options))
              .map(({ tag }) => tag),
            ...confidentialityRows
              .map(({ pattern }) => pattern.toLowerCase())
              .filter((tag) => !other.has(tag)),
          ]);
          differing.delete('odd');
          assert.deepEqual([...differing].sort(), [...right].sort());
        }),
      );
    }
  }

  it('has as many rows for both', () => {
    assert.equal(confidentialityRows.filter(({ pattern }) => pattern !== 'odd').length, 655);
    assert.equal(standard.confidentiality.length, 655);
  });
});

it(
  "Table E.3.4-1 is for both that of PS3.15's DocBook source",
  withSources(() => {
    const published = docBookConcepts(folder);
    assert.equal(published.length, 214);
    assert.equal(standard.concepts.length, 214);
    for (const { code, scheme, valueType, basic, options } of published) {
      const own = contentItemRow({ code, scheme, valueType });
      assert.equal(own && rowText(own.basic, own.options), rowText(basic, options), `engine, ${code}`);
      assert.equal(
        readText(conceptOf(code, scheme, valueType)),
        rowText(basic, options),
        `second reader, ${code}`,
      );
    }
  }),
);

it(
  "Table E.3.10-1 is for both that of PS3.15's DocBook source",
  withSources(() => {
    const published = docBookSafePrivate(folder);
    assert.equal(published.length, 479);
    for (const { group, creator, element, vr } of published) {
      // Of some the table leaves the VR open, or names two.
      if (!isVr(vr)) continue;
      const { kind } = privateDisposition({ group, creator, element, vr, nested: false });
      assert.equal(kind, vr === 'SQ' ? 'recurse' : 'keep', `engine, ${creator}`);
      const tag = ((group << 16) | 0x1000 | element) >>> 0;
      assert.ok(isSafePrivate(tag, creator, vr), `second reader, ${creator}`);
    }
  }),
);

it(
  'the SOP classes that Innolitics lists are registered for both',
  withSources(() => {
    const classes = innoliticsSopClasses(folder);
    assert.ok(classes.length > 150);
    for (const uid of classes) assert.ok(isWellKnown(uid) && isRegisteredUid(uid), uid);
  }),
);

it('what an IOD requires at its root is for both the same', () => {
  for (const sopClass of ['2', '4', '6.1', '7', '88.33', '128', '481.5'].map(
    (end) => `1.2.840.10008.5.1.4.1.1.${end}`,
  )) {
    const modules = modulesInUse(sopClass, () => true);
    let required = 0;
    for (const row of dictionary.rows) {
      const [tag = ''] = row.split('\t', 1);
      if (tag.includes('x')) continue;
      const type = modules.typeOf([sample(tag)]);
      if (type === undefined || type === '3') continue;
      required += 1;
      assert.ok(isRequiredIn(sopClass, sample(tag)), `${tag} in ${sopClass}`);
    }
    assert.ok(required > 40, sopClass);
  }
});
