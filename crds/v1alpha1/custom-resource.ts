/** The CustomResourceDefinitions of both kinds, as objects ready to be written as YAML. */
import { type OpenApiSchema, openApiSchema } from '../schema/open-api.ts';
import type { Node } from '../schema/schema.ts';
import { group, version } from './group.ts';
import { deidJob } from './job.ts';
import { deidProfile } from './profile.ts';

/** A column of `kubectl get`; those of priority 1 stand under `-o wide` alone. */
interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  readonly priority: 0 | 1;
}

interface Kind {
  readonly kind: string;
  readonly singular: string;
  readonly plural: string;
  readonly shortName: string;
  readonly node: Node;
  readonly columns: readonly PrinterColumn[];
}

function column(
  name: string,
  type: PrinterColumn['type'],
  jsonPath: string,
  description: string,
  priority: 0 | 1 = 0,
): PrinterColumn {
  return { name, type, jsonPath, description, priority };
}

const age = column('Age', 'date', '.metadata.creationTimestamp', 'Time since the object was made.');

function condition(type: string, field: 'status' | 'reason'): string {
  return `.status.conditions[?(@.type=="${type}")].${field}`;
}

/** Both kinds, with how `kubectl` shows them. */
export const kinds: readonly Kind[] = [
  {
    kind: 'DeidProfile',
    singular: 'deidprofile',
    plural: 'deidprofiles',
    shortName: 'dp',
    node: deidProfile.node,
    columns: [
      column('Edition', 'string', '.spec.dicom.basis.edition', 'Edition of the standard.'),
      column('Unlisted', 'string', '.spec.dicom.unlisted', 'What happens to attributes that nothing names.'),
      column('Ready', 'string', condition('Ready', 'status'), 'Whether jobs can use the profile.'),
      column('Reason', 'string', condition('Ready', 'reason'), 'Why, in a word.', 1),
      age,
    ],
  },
  {
    kind: 'DeidJob',
    singular: 'deidjob',
    plural: 'deidjobs',
    shortName: 'dj',
    node: deidJob.node,
    columns: [
      column('Complete', 'string', condition('Complete', 'status'), 'Whether every object has its outcome.'),
      column('State', 'string', condition('Complete', 'reason'), 'Where the job stands, in a word.'),
      column('Progress', 'string', '.status.progress', 'Share of the work that is done.'),
      column('Shards', 'integer', '.status.shards.total', 'Shards of the attempt.'),
      column('Done', 'integer', '.status.shards.succeeded', 'Shards that are done.'),
      column('Failed', 'integer', '.status.shards.failed', 'Shards that were given up.'),
      column('Objects', 'integer', '.status.objects.total', 'Objects of the plan.'),
      column('Duration', 'string', '.status.duration', 'Time from start to completion.'),
      column('Attempt', 'integer', '.status.attempt', 'The attempt that runs or ran last, from 0.', 1),
      column('Faults', 'integer', '.status.objects.failed', 'Objects that fell to a fault.', 1),
      column('Profile', 'string', '.spec.profileRef.name', 'The DeidProfile.', 1),
      column('Builtin', 'string', '.spec.profileRef.builtin', 'The profile of the product.', 1),
      column('Review', 'integer', '.status.objects.review', 'Objects held back for a person to look.', 1),
      column('Rejected', 'integer', '.status.objects.rejected', 'Objects that were held back.', 1),
      age,
    ],
  },
];

/** The API server checks the frame of every object itself, and lets schemas say little about it. */
const frame = {
  apiVersion: { type: 'string', description: 'Group and version of the object.' },
  kind: { type: 'string', description: 'Kind of the object.' },
  metadata: { type: 'object' },
} as const satisfies Readonly<Record<string, OpenApiSchema>>;

function rootSchema(node: Node): OpenApiSchema {
  const schema = openApiSchema(node);
  return { ...schema, required: ['spec'], properties: { ...(schema.properties as OpenApiSchema), ...frame } };
}

/** The name of a kind's CustomResourceDefinition. */
export function definitionName({ plural }: Kind): string {
  return `${plural}.${group}`;
}

/** The CustomResourceDefinition of a kind. */
export function customResourceDefinition(resource: Kind): Readonly<Record<string, unknown>> {
  const { kind, singular, plural, shortName, node, columns } = resource;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: definitionName(resource) },
    spec: {
      group,
      names: {
        kind,
        listKind: `${kind}List`,
        singular,
        plural,
        shortNames: [shortName],
        categories: ['deid'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: rootSchema(node) },
          subresources: { status: {} },
          additionalPrinterColumns: columns,
        },
      ],
    },
  };
}
