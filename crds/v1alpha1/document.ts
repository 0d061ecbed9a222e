/** What both kinds have in common: the frame of a document and the conditions of its status. */
import { choice, integer, list, map, object, open, optional, required, text } from '../schema/schema.ts';

/** Longest name of a document: child Jobs, and host names of their pods, are named after it. */
export const maxNameLength = 40;

/** Metadata of a document: what concerns us is checked, what a cluster adds is free. */
export const metadata = open('Standard metadata of a Kubernetes object.', {
  name: required(
    text('Name of the document.', {
      minLength: 1,
      maxLength: maxNameLength,
      pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      expected: `at most ${maxNameLength} lower-case letters, digits, dashes and dots, a letter or digit first and last`,
    }),
  ),
  namespace: optional(text('Namespace of the document.', { maxLength: 63 })),
  labels: optional(map('Labels, free.', text('A label.'), 1000)),
  annotations: optional(map('Annotations, free.', text('An annotation.', { maxLength: 262_144 }), 1000)),
});

const condition = object('One aspect of the state of the object.', {
  type: required(
    text('Name of the condition in CamelCase, such as Complete.', {
      minLength: 1,
      maxLength: 316,
      pattern: '^[A-Z][A-Za-z0-9]*$',
      expected: 'a name in CamelCase',
    }),
  ),
  status: required(choice('Whether the condition holds.', ['True', 'False', 'Unknown'])),
  observedGeneration: optional(integer('The metadata.generation that the condition was set for.', 0)),
  lastTransitionTime: required(text('When the status last changed.', { format: 'date-time', maxLength: 64 })),
  reason: required(text('One word in CamelCase that says why.', { minLength: 1, maxLength: 1024 })),
  message: required(text('A sentence for people. It quotes no value from an image.', { maxLength: 32_768 })),
});

/** The conditions of a status. */
export const conditions = list(
  'State of the object, a condition an aspect. Every condition stands from the first sight of the object on.',
  condition,
  { maxItems: 16, listType: 'map', key: 'type' },
);
