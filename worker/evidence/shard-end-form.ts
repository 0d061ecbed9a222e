/** The form of what closes a shard's ledger, for reading it back: a work area can be damaged. */
import { integer, list, map, object, optional, required, text } from '../../crds/schema/schema.ts';
import { validator } from '../../crds/schema/validator.ts';
import { mostReviews, sizeClasses } from './statistics.ts';

const count = (description: string) => integer(description, 0);
const hash = (description: string) =>
  text(description, { pattern: '^[0-9a-f]{64}$', maxLength: 64, expected: '64 hexadecimal digits' });
const table = (description: string) => required(map(description, count('Number of objects.'), 1_000_000));
const sizes = (description: string) =>
  required(list(description, count('Number of objects.'), { minItems: sizeClasses, maxItems: sizeClasses }));

const shares = (description: string) =>
  required(
    map(
      description,
      object('Objects and bytes of one kind.', {
        objects: required(count('Objects.')),
        bytesIn: required(count('Bytes of the sources.')),
        bytesOut: required(count('Bytes of the outputs.')),
      }),
      1_000_000,
    ),
  );

const statistics = object('Counts and distributions of the shard.', {
  modalities: shares('By Modality.'),
  sopClasses: shares('By SOP Class UID.'),
  transferSyntaxes: shares('By Transfer Syntax UID.'),
  sizesIn: sizes('Objects by class of input size.'),
  sizesOut: sizes('Objects by class of output size.'),
  decisions: required(
    map(
      'By decision label.',
      object('Elements and objects.', {
        elements: required(count('Elements that were decided so.')),
        objects: required(count('Objects that have such elements.')),
      }),
      1_000_000,
    ),
  ),
  methods: table('Objects by code of CID 7050.'),
  cleanups: table('Objects by container clean-up.'),
  reasons: table('Objects by outcome and reason.'),
  reviews: required(
    list(
      'Objects that wait for a person.',
      object('An object.', {
        ordinal: required(count('Its ordinal.')),
        reason: required(text('Its reason code.')),
        at: optional(text('The place that the reason concerns.', { maxLength: 65_536 })),
      }),
      { maxItems: mostReviews },
    ),
  ),
});

const schema = object('What closes the ledger of a shard.', {
  kind: required(text('Kind of the record.', { pattern: '^ShardLedger$' })),
  version: required(integer('Version of its form.', 1, 1)),
  context: required(hash('Hash of the context.')),
  shard: required(count('The shard.')),
  first: required(count('Ordinal of the first record.')),
  entries: required(count('Number of records.')),
  head: required(hash('The last link of the chain.')),
  subtrees: required(
    list(
      'Perfect subtrees that cover the records.',
      object('A subtree.', {
        size: required(integer('Number of its leaves.', 1)),
        hash: required(hash('Its root.')),
      }),
      { maxItems: 128 },
    ),
  ),
  statistics: required(statistics),
});

/** Validates what closes a shard's ledger. */
export const validateShardEnd = validator(schema);
