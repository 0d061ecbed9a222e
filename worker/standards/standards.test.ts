/** The facts against the standard: how many there are, and rows that anybody can look up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTag } from '../dicom/tag.ts';
import { hasIod, modulesInUse } from './attribute-types.ts';
import { confidentialityRows, rowFor } from './confidentiality-table.ts';
import data from './data/confidentiality.json' with { type: 'json' };
import privateData from './data/private-elements.json' with { type: 'json' };
import { deidMethodCodes } from './deid-method-codes.ts';
import { lookup, primaryVr, tagOfKeyword } from './dictionary.ts';
import { privateDisposition, privateVr } from './safe-private.ts';
import { contentItemRow } from './structured-content.ts';
import { transferSyntaxOf } from './transfer-syntaxes.ts';
import { isClassLikeUid } from './uid-roles.ts';
import { isWellKnown, uidFacts } from './uids.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const tag = (text: string): number => parseTag(text) ?? assert.fail(text);
const absent = (): boolean => false;

describe('Table E.1-1', () => {
  it('has 656 rows of edition 2026c and ten option columns', () => {
    assert.equal(confidentialityRows.length, 656);
    assert.equal(data.edition, '2026c');
    assert.equal(data.options.length, 10);
  });

  for (const [place, basic, options] of [
    ['(0010,0010)', 'Z', {}],
    ['(0010,0030)', 'Z', {}],
    ['(0008,1030)', 'X', { CleanDescriptors: 'C' }],
    ['(0008,0018)', 'U', { RetainUIDs: 'K' }],
    ['(0010,0040)', 'Z', { RetainPatientCharacteristics: 'K' }],
    ['(0008,1010)', 'X/Z/D', { RetainDeviceIdentity: 'K' }],
    ['(0040,A730)', 'D', { CleanStructuredContent: 'C' }],
  ] as const) {
    it(`${place} is ${basic}`, () => {
      const row = rowFor(tag(place));
      assert.equal(row?.basic, basic);
      for (const [option, code] of Object.entries(options)) {
        assert.equal(row?.options[option as keyof typeof row.options], code);
      }
    });
  }

  it('names repeating groups by mask', () => {
    assert.equal(rowFor(tag('(6000,4000)'))?.basic, 'X');
    assert.equal(rowFor(tag('(601E,4000)')), rowFor(tag('(6000,4000)')));
    assert.equal(rowFor(tag('(50FE,0010)')), rowFor(tag('(5000,0010)')));
  });

  it('has no row for what identifies nobody', () => {
    assert.equal(rowFor(tag('(0028,0010)')), undefined);
  });
});

describe('PS3.6', () => {
  it('knows keywords, tags and VRs', () => {
    assert.equal(lookup(0x00100020)?.keyword, 'PatientID');
    assert.equal(tagOfKeyword('PixelData'), 0x7fe00010);
    assert.equal(primaryVr(0x00100030), 'DA');
    assert.equal(lookup(tag('(6002,3000)'))?.keyword, 'OverlayData');
    assert.equal(lookup(tag('(0010,9999)')), undefined);
  });

  it('tells registered UIDs from others', () => {
    assert.equal(uidFacts(ct)?.type, 'SOPClass');
    assert.ok(isWellKnown('1.2.840.10008.1.2.1'));
    assert.ok(!isWellKnown('1.2.840.10008.1.2.1.4711'));
  });

  it('tells UIDs that name definitions from UIDs that name instances', () => {
    assert.ok(isClassLikeUid(0x00080016));
    assert.ok(!isClassLikeUid(0x00080018));
  });

  it('knows how transfer syntaxes are encoded', () => {
    assert.deepEqual(
      ['1.2.840.10008.1.2', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.4.90'].map((uid) => {
        const { explicit, littleEndian, codec } = transferSyntaxOf(uid) ?? {};
        return [explicit, littleEndian, codec];
      }),
      [
        [false, true, undefined],
        [true, false, undefined],
        [true, true, 'jpeg2000'],
      ],
    );
  });
});

describe('Types of attributes', () => {
  it('are known for the object classes of the trade', () => {
    for (const uid of [ct, '1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.5.1.4.1.1.88.33'])
      assert.ok(hasIod(uid), uid);
    assert.ok(!hasIod('1.2.3'));
  });

  it('are those of the modules', () => {
    assert.equal(modulesInUse(ct, absent).typeOf([0x00100010]), '2');
    assert.equal(modulesInUse(ct, absent).typeOf([0x0020000d]), '1');
    assert.equal(modulesInUse(ct, absent).typeOf([0x00104000]), '3');
    assert.equal(modulesInUse(ct, absent).typeOf([0x30060020]), undefined);
  });

  it('are the same at every depth of content items', () => {
    const sr = '1.2.840.10008.5.1.4.1.1.88.33';
    const [content, text] = [0x0040a730, 0x0040a160];
    assert.equal(
      modulesInUse(sr, absent).typeOf([content, content, content, text]),
      modulesInUse(sr, absent).typeOf([content, text]),
    );
  });
});

describe('private elements', () => {
  it('that Table E.3.10-1 names are safe, whatever the case of the creator', () => {
    assert.equal(privateData.safe.length, 479);
    const of = {
      group: 0x7053,
      creator: 'PHILIPS PET PRIVATE GROUP',
      element: 0,
      vr: 'DS',
      nested: false,
    } as const;
    assert.equal(privateDisposition(of).kind, 'keep');
    assert.equal(privateDisposition({ ...of, creator: ' Philips PET Private Group ' }).kind, 'keep');
    assert.equal(privateVr(0x7053, 'Philips PET Private Group', 0), 'DS');
  });

  it('that nobody calls safe go', () => {
    const of = {
      group: 0x0029,
      creator: 'SIEMENS CSA HEADER',
      element: 0x10,
      vr: 'OB',
      nested: false,
    } as const;
    assert.equal(privateDisposition(of).kind, 'remove');
  });

  it('can be safe in a sequence and not at the root', () => {
    const of = { group: 0x0011, creator: 'GEMS_GENIE_1', element: 0x23, vr: 'SL' } as const;
    assert.equal(privateDisposition({ ...of, nested: true }).kind, 'keep');
    assert.equal(privateDisposition({ ...of, nested: false }).kind, 'remove');
  });

  it('that hold seconds since 1970 move with the dates', () => {
    const of = { group: 0x0009, creator: 'GEMS_IDEN_01', element: 0x27, vr: 'SL', nested: false } as const;
    assert.equal(privateDisposition(of).kind, 'shiftUnixTime');
  });
});

it('content items of Table E.3.4-1 are found by code', () => {
  const row = contentItemRow({ code: '121008', scheme: 'DCM', valueType: 'PNAME' });
  assert.ok(row !== undefined && row.basic !== undefined);
});

it('CID 7050 has the codes that the engine writes', () => {
  for (const code of ['113100', '113105', '113107', '113108', '113111']) {
    assert.ok(deidMethodCodes[code] !== undefined, code);
  }
});
