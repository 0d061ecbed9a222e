import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, digestOf } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts members by code units, leaves out undefined ones and writes no white space', () => {
    const value = { b: [1, 'x', null], a: { '\u{1F600}': 1, '\uFB33': 2, é: true }, u: undefined };
    assert.equal(canonicalJson(value), '{"a":{"é":true,"\u{1F600}":1,"\uFB33":2},"b":[1,"x",null]}');
  });

  it('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
      { seed: 1 },
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(digestOf(reversed), digestOf(value));
      }),
      { seed: 1 },
    );
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined, () => 1]) {
      assert.throws(() => canonicalJson([value]), TypeError);
    }
  });

  it('has the SHA-256 of its UTF-8 bytes as digest', () => {
    assert.equal(digestOf({}), 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
