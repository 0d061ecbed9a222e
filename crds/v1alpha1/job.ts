/** DeidJob: what to de-identify. The schema is the source of the type, the CRD and the validator. */
import {
  boolean,
  choice,
  defaulted,
  type Input,
  integer,
  intOrString,
  list,
  object,
  optional,
  required,
  text,
  type Value,
} from '../schema/schema.ts';
import { apartRules, manifest, placeRules, sourceFields, writtenArea } from './area.ts';
import { maxNameLength, metadata } from './document.ts';
import { apiVersion } from './group.ts';
import { jobStatus } from './job-status.ts';
import { percentagePattern, quantityPattern } from './quantity.ts';
import { workerPods } from './worker-pods.ts';

/** Names of the profiles that come with the product. */
export const builtinProfileNames = ['basic', 'research', 'strict'] as const;
export type BuiltinProfileName = (typeof builtinProfileNames)[number];

const profileRef = object(
  'The profile: exactly one of name and builtin.',
  {
    name: optional(
      text('Name of a DeidProfile in the namespace of the job.', {
        minLength: 1,
        maxLength: 253,
      }),
    ),
    builtin: optional(
      choice(
        'A profile that comes with the product. basic: the Basic Profile of the standard. research: dates shifted, text cleaned, safe private elements and patient characteristics kept. strict: only what the standard names stays.',
        builtinProfileNames,
      ),
    ),
  },
  {
    rules: [
      {
        rule: 'has(self.name) != has(self.builtin)',
        message: 'Name exactly one profile: a DeidProfile with name, or one of the product with builtin.',
      },
    ],
  },
);

const globs = (description: string) =>
  list(
    description,
    text('A glob over keys: * within a folder, ** across folders, ? for one character.', {
      minLength: 1,
      maxLength: 1024,
    }),
    { maxItems: 100 },
  );

const select = object('Which objects of the source are wanted; the others are skipped.', {
  formats: defaulted(
    list(
      'Formats that are wanted, told by content. Default: dicom.',
      choice('A format.', ['dicom'], ['slide']),
      { minItems: 1, maxItems: 1, listType: 'set' },
    ),
    ['dicom'],
  ),
  modalities: optional(
    list(
      'Values of Modality (0008,0060) that are wanted. Default: all.',
      text('A modality such as CT.', {
        maxLength: 16,
        pattern: '^[A-Z0-9 _]+$',
        expected: 'a modality such as CT',
      }),
      { minItems: 1, maxItems: 64, listType: 'set' },
    ),
  ),
  include: defaulted(
    globs('Globs over keys below the source, one of which a wanted object matches. Default: all objects.'),
    [],
  ),
  exclude: defaulted(
    globs('Globs over keys below the source, none of which a wanted object matches. Default: none.'),
    [],
  ),
});

const key = object(
  'The project key, at least 32 bytes, that pseudonyms, UIDs and shifts are computed with. Where no Secret is named the command line gives it.',
  {
    secretRef: optional(
      object('The Secret in the namespace of the job that holds the key.', {
        name: required(text('Name of the Secret.', { minLength: 1, maxLength: 253 })),
        key: required(text('Key of the entry within the Secret.', { minLength: 1, maxLength: 253 })),
      }),
    ),
    fingerprint: optional(
      text('Fingerprint of the key as `deid key check` prints it: a job with another key is refused.', {
        minLength: 8,
        maxLength: 128,
        pattern: '^[A-Za-z0-9:+/=_-]+$',
        expected: 'a fingerprint as `deid key check` prints it',
      }),
    ),
  },
  { later: { kms: 'object' } },
);

/** What stays as it is from the first to the last step of a job. */
const pinned = {
  profileRef: required(profileRef),
  source: required(
    object(
      'Where the objects lie. Nothing is written there.',
      { ...sourceFields, manifest: optional(manifest), select: defaulted(select, {}) },
      { rules: placeRules },
    ),
  ),
  destination: required(
    writtenArea('Where de-identified objects are written, under keys of new identifiers only.'),
  ),
  quarantine: required(
    writtenArea('Where the records of objects held back are written, and for a review the candidate output.'),
  ),
  workArea: required(
    writtenArea(
      'Where the plan, journals, results and the report are written. No key there names a patient.',
    ),
  ),
  key: defaulted(key, {}),
  shards: defaulted(
    object('How the work is cut into shards, each of which one pod or worker does.', {
      targetBytes: defaulted(
        intOrString(
          'Bytes of source objects in a shard, as a number or a quantity such as 512Mi. Shards grow where max would be exceeded. Default: 4Gi.',
          {
            minimum: 1,
            maximum: 2 ** 50,
            maxLength: 24,
            pattern: quantityPattern,
            expected: 'a number of bytes or a quantity such as 4Gi',
          },
        ),
        '4Gi',
      ),
      max: defaulted(integer('The largest number of shards, 1 to 10000. Default: 2000.', 1, 10_000), 2000),
    }),
    {},
  ),
  failurePolicy: defaulted(
    object('When the job as a whole counts as failed. What was de-identified stays.', {
      maxRejected: defaulted(
        intOrString(
          'The most objects that may be rejected, as a number or as a percentage of the objects that are not skipped. Default: 100%.',
          {
            minimum: 0,
            maximum: 1_000_000_000_000,
            maxLength: 8,
            pattern: percentagePattern,
            expected: 'a number of objects or a percentage such as 5%',
          },
        ),
        '100%',
      ),
      shardRetries: defaulted(
        integer(
          'Times that a shard whose pod died is tried again, 0 to 20. Evictions and stops by a signal are not counted. Clusters only. Default: 3.',
          0,
          20,
        ),
        3,
      ),
      maxFailedShards: defaulted(
        intOrString(
          'The most shards that may fail before the others are stopped too, as a number or as a percentage of all shards. Clusters only. Default: 100%.',
          {
            minimum: 0,
            maximum: 10_000,
            maxLength: 8,
            pattern: percentagePattern,
            expected: 'a number of shards or a percentage such as 5%',
          },
        ),
        '100%',
      ),
    }),
    {},
  ),
};

/** What may change while a job runs. No output depends on it, and run specs leave it out. */
const mutable = {
  parallelism: defaulted(
    integer(
      'Shards that are worked on at the same time, by a pod each or on one machine by a worker each, 1 to 10000. May change while the job runs. Default: 4.',
      1,
      10_000,
    ),
    4,
  ),
  suspend: defaulted(
    boolean(
      'Whether the job rests. Pods are stopped, what is done is kept, and the job goes on when this is false again. Clusters only. Default: false.',
    ),
    false,
  ),
  retry: defaulted(
    integer(
      'Attempts beyond the first, 0 to 1000, each over the shards that the one before left undone or with failed objects. Raise it to try a failed job again. A complete job never runs again. Clusters only. Default: 0.',
      0,
      1000,
    ),
    0,
  ),
  activeDeadlineSeconds: optional(
    integer(
      'Seconds that the shards of one attempt may take before they are stopped and the job fails; suspended time does not count. Clusters only. Default: no limit.',
      1,
      31_536_000,
    ),
  ),
  worker: defaulted(workerPods, {}),
};

/** What cannot change and no output depends on. */
const administrative = {
  managedBy: optional(
    text(
      'Controller that cares for the job. The operator leaves jobs of other controllers alone. Default: deid.imaging/operator.',
      {
        minLength: 1,
        maxLength: 63,
        pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9._-]+$',
        expected: 'a domain and a name, such as example.com/controller',
      },
    ),
  ),
};

const immutableRules = [
  ...Object.keys(pinned).map((name) => ({ name, rule: `self.${name} == oldSelf.${name}` })),
  ...Object.keys(administrative).map((name) => ({
    name,
    rule: `has(self.${name}) == has(oldSelf.${name}) && (!has(self.${name}) || self.${name} == oldSelf.${name})`,
  })),
].map(({ name, rule }) => ({
  rule,
  message: `spec.${name} cannot change once the job exists; delete the job, or make one under another name.`,
}));

const spec = object(
  'What to de-identify.',
  { ...pinned, ...mutable, ...administrative },
  { rules: [...immutableRules, ...apartRules] },
);

/** The schema of a DeidJob document. */
export const deidJob = object(
  'A DeidJob says what to de-identify: where images lie, where they go, and by which profile.',
  {
    apiVersion: required(choice('Group and version of the document.', [apiVersion])),
    kind: required(choice('Kind of the document.', ['DeidJob'])),
    metadata: required(metadata),
    spec: required(spec),
    status: optional(jobStatus),
  },
  {
    rules: [
      {
        rule: `size(self.metadata.name) <= ${maxNameLength}`,
        message: `metadata.name must have at most ${maxNameLength} characters, as pods are named after it; choose a shorter one.`,
      },
    ],
  },
);

/** The schema of the part of `spec` that run specs hold. */
export const pinnedJobSpec = object('What to de-identify, as executed.', pinned);

export type PinnedJobSpec = Value<typeof pinnedJobSpec>;

/** The part of a spec that run specs hold. */
export function pinnedPart(spec: DeidJobSpec): PinnedJobSpec {
  const kept = Object.keys(pinned).map((name) => [name, spec[name as keyof PinnedJobSpec]]);
  return Object.fromEntries(kept) as PinnedJobSpec;
}

/** A validated job with its defaults filled in. */
export type DeidJob = Value<typeof deidJob>;
/** A job as people write it: fields with a default may be left out. */
export type DeidJobInput = Input<typeof deidJob>;
export type DeidJobSpec = DeidJob['spec'];
