/** The areas of a job, source, destination, quarantine and work area: where they lie, and that they lie apart. */
import {
  boolean,
  type CelRule,
  choice,
  defaulted,
  object,
  optional,
  required,
  text,
  type Value,
} from '../schema/schema.ts';

/** A folder within a claim or a bucket. */
const relativeFolder = {
  pattern: '^((([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)/)*([^/.][^/]*|\\.[^/.][^/]*|\\.\\.[^/]+)/?)?$',
  expected: 'a relative folder such as ct/2026, without empty, . and .. segments',
} as const;

const volume = object('A folder on a PersistentVolumeClaim.', {
  claimName: required(
    text(
      'Name of the PersistentVolumeClaim in the namespace of the job. On one machine --volume NAME=DIR binds it to a folder.',
      {
        minLength: 1,
        maxLength: 253,
        pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
        expected: 'lower-case letters, digits, dashes and dots, a letter or digit first and last',
      },
    ),
  ),
  path: defaulted(
    text('Folder within the claim, relative, without . and .. segments. Default: empty, the whole claim.', {
      maxLength: 1024,
      ...relativeFolder,
    }),
    '',
  ),
});

export type Volume = Value<typeof volume>;

const s3Fields = {
  bucket: required(
    text('Name of the bucket. It must exist.', {
      minLength: 3,
      maxLength: 63,
      pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$',
      expected: 'the name of a bucket: lower-case letters, digits, dots and dashes',
    }),
  ),
  prefix: defaulted(
    text(
      'Folder within the bucket: what starts the keys, with or without a slash at the end. Default: empty, the whole bucket.',
      { maxLength: 512, ...relativeFolder },
    ),
    '',
  ),
  region: optional(
    text('Region of the bucket. Default: that of the surroundings, as the AWS SDK finds it.', {
      minLength: 1,
      maxLength: 63,
      pattern: '^[a-z0-9-]+$',
      expected: 'a region such as eu-central-1',
    }),
  ),
  endpoint: optional(
    text('URL of a store that is not AWS, without a slash at the end. Default: AWS.', {
      minLength: 1,
      maxLength: 253,
      pattern: '^https?://(\\[[0-9a-f:]+\\]|[a-z0-9.-]+)(:[0-9]+)?(/[^/?#]+)*$',
      expected: 'a URL such as https://s3.example.org:9000, in lower case, without a slash at the end',
    }),
  ),
  forcePathStyle: defaulted(
    boolean(
      'The bucket stands in the path of requests instead of the host name, as many stores that are not AWS ask for. Default: false.',
    ),
    false,
  ),
  expectedBucketOwner: optional(
    text(
      'The AWS account, of twelve digits, that must own the bucket; requests fail where another does. Default: not checked.',
      { minLength: 12, maxLength: 12, pattern: '^[0-9]+$', expected: 'twelve digits, in quotes' },
    ),
  ),
} as const;

const bucketDescription =
  'A folder in a bucket of S3 or of a store that speaks its protocol. Credentials are those of the surroundings and stand in no document.';

const s3 = object(bucketDescription, s3Fields);

const sourceS3 = object(bucketDescription, {
  ...s3Fields,
  requesterPays: defaulted(
    boolean('Whoever runs the job pays for requests and transfer. Default: false.'),
    false,
  ),
});

const encryption = object('How objects in the bucket are encrypted at rest. Default: as the bucket does.', {
  kmsKeyId: required(
    text(
      'Id, ARN or alias of the KMS key that objects are encrypted under (SSE-KMS). A store that does not do so is refused.',
      {
        minLength: 1,
        maxLength: 2048,
        pattern: '^[A-Za-z0-9:/_-]+$',
        expected: 'the id, ARN or alias of a KMS key',
      },
    ),
  ),
});

/** What the fields of an area cannot say each on its own. */
export const placeRules: readonly CelRule[] = [
  {
    rule: 'has(self.volume) != has(self.s3)',
    message: 'Say where the area lies by exactly one of volume and s3.',
  },
];

const encryptionRule: CelRule = {
  rule: '!has(self.encryption) || has(self.s3)',
  message: 'encryption is for areas in S3; remove it, or name a bucket.',
};

/** A list of what a job takes. */
export const manifest = object(
  'A list of the objects that the job takes of its source, instead of all that lie there. Listed twice is taken twice.',
  {
    key: required(
      text(
        'Key of the list: from the root of the bucket or claim of the source on, or below s3 where that is given. A gzipped list is told by its content.',
        {
          minLength: 1,
          maxLength: 1024,
          ...relativeFolder,
          expected: 'a key such as lists/2026.jsonl, without empty, . and .. segments',
        },
      ),
    ),
    format: defaulted(
      choice(
        'How the list is written. jsonLines: a JSON object on each line with a key and, where a version is wanted, a versionId. csv: as S3 Batch Operations reads it, bucket or claim, key in URL encoding and, where a version is wanted, its id, without a header. Keys begin at the root of the bucket or claim and lie within the source. Default: jsonLines.',
        ['jsonLines', 'csv'],
      ),
      'jsonLines',
    ),
    s3: optional(sourceS3),
  },
);

/** Where the source lies. */
export const sourceFields = { volume: optional(volume), s3: optional(sourceS3) } as const;

const area = {
  volume: optional(volume),
  s3: optional(s3),
  encryption: optional(encryption),
} as const;

/** An area that is written to, as destination, quarantine and work area are. */
export function writtenArea(description: string) {
  return object(description, area, { rules: [...placeRules, encryptionRule] });
}

/** Which keys of which store an area in S3 is. */
export interface S3Keys {
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint?: string;
}

/** The place of an area; a validated one has exactly one of the two. */
export interface AreaPlace {
  readonly volume?: Volume;
  readonly s3?: S3Keys;
}

/** The areas of a job's spec, in the order in which people read them. */
export const areaNames = ['source', 'destination', 'quarantine', 'workArea'] as const;
export type AreaName = (typeof areaNames)[number];

/** Every two of the areas. */
export const areaPairs: readonly (readonly [AreaName, AreaName])[] = areaNames.flatMap((first, index) =>
  areaNames.slice(index + 1).map((second) => [first, second] as const),
);

/** A folder as a prefix of keys: empty, or ending in a slash. */
export function keyPrefix(folder: string): string {
  return folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
}

function isNested(first: string, second: string): boolean {
  const [a, b] = [keyPrefix(first), keyPrefix(second)];
  return a.startsWith(b) || b.startsWith(a);
}

/** True where one folder holds the other or is the same. Stores that go by two names are not seen here. */
export function overlaps(first: AreaPlace, second: AreaPlace): boolean {
  if (first.volume !== undefined && second.volume !== undefined) {
    return (
      first.volume.claimName === second.volume.claimName && isNested(first.volume.path, second.volume.path)
    );
  }
  if (first.s3 === undefined || second.s3 === undefined) return false;
  return (
    first.s3.bucket === second.s3.bucket &&
    first.s3.endpoint === second.s3.endpoint &&
    isNested(first.s3.prefix, second.s3.prefix)
  );
}

function celPrefix(folder: string): string {
  return `(${folder} == '' || ${folder}.endsWith('/') ? ${folder} : ${folder} + '/')`;
}

function celNested(first: string, second: string): string {
  const [a, b] = [celPrefix(first), celPrefix(second)];
  return `(${a}.startsWith(${b}) || ${b}.startsWith(${a}))`;
}

function celEndpoint(s3: string): string {
  return `(has(${s3}.endpoint) ? ${s3}.endpoint : '')`;
}

/** {@link overlaps} for the API server, a rule for every two areas of the spec. */
export const apartRules: readonly CelRule[] = areaPairs.map(([one, other]) => {
  const [first, second] = [`self.${one}`, `self.${other}`];
  const [bucket, otherBucket] = [`${first}.s3`, `${second}.s3`];
  return {
    rule:
      `(!has(${first}.volume) || !has(${second}.volume) || ` +
      `${first}.volume.claimName != ${second}.volume.claimName || ` +
      `!${celNested(`${first}.volume.path`, `${second}.volume.path`)}) && ` +
      `(!has(${bucket}) || !has(${otherBucket}) || ${bucket}.bucket != ${otherBucket}.bucket || ` +
      `${celEndpoint(bucket)} != ${celEndpoint(otherBucket)} || ` +
      `!${celNested(`${bucket}.prefix`, `${otherBucket}.prefix`)})`,
    message: `spec.${one} and spec.${other} overlap; give each a folder of its own, none within another.`,
  };
});
