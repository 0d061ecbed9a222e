/** Documents that are damaged: each is accepted or has problems with a place, and none brings the program down. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { parseDocuments } from './documents.ts';

const sound = `apiVersion: deid.imaging/v1alpha1
kind: DeidJob
metadata: { name: first-look }
spec:
  profileRef: { builtin: research }
  source: { volume: { claimName: archive, path: ct/2024 } }
  destination: { volume: { claimName: results, path: out } }
  quarantine: { volume: { claimName: results, path: held } }
  workArea: { volume: { claimName: results, path: work } }
---
apiVersion: deid.imaging/v1alpha1
kind: DeidProfile
metadata: { name: mine }
spec:
  dicom:
    basis: { edition: 2026c, options: [CleanDescriptors] }
    rules:
      - { match: { keyword: StationName }, action: keep }
      - { match: { value: "/x+/i" }, action: { clean: text } }
`;

const pieces = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '\n',
  '\t',
  '&a ',
  '*a ',
  '"',
  '!!binary ',
  '<<: ',
  '? ',
  '|',
  '\0',
  '---\n',
  '%TAG',
  '~',
];

it('a document with anything cut out or put in', () => {
  assert.deepEqual(parseDocuments('job.yaml', sound, () => true).problems, []);
  const change = fc.tuple(fc.nat(sound.length), fc.nat(12), fc.constantFrom('', ...pieces));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let text = sound;
      for (const [at, length, piece] of changes) text = text.slice(0, at) + piece + text.slice(at + length);
      for (const { line, column } of parseDocuments('job.yaml', text, () => true).problems) {
        assert.ok(line >= 1 && column >= 1);
      }
    }),
    { numRuns: 600, interruptAfterTimeLimit: 5000 },
  );
});
