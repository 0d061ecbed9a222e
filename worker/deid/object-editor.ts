/**
 * Collects what happens to one object while its elements are gone through: edits, counts, and the first reason to hold
 * the object back. Everything it is told of an element is a place or bytes already decided.
 */
import type { Edit } from '../bytes/edit.ts';
import type { Element, Item } from '../dicom/element.ts';
import { encodeElement } from '../dicom/encode-element.ts';
import { vrFacts } from '../dicom/vr.ts';
import { type Decision, decisionLabel } from '../profile/action.ts';
import type { ReasonCode } from '../reason-codes.ts';

/** Why the object as a whole is held back. */
export interface Rejection {
  readonly reason: ReasonCode;
  readonly at: string;
}

export interface ObjectEditor {
  remove(element: Element): void;
  removeItem(item: Item): void;
  /** Writes the element anew with `value`, unpadded; nothing where the bytes would be the same. */
  replaceValue(element: Element, value: Uint8Array): void;
  /** Overwrites bytes within a value at the same length. */
  replaceBytes(edit: Edit): void;
  /** Whether the element is removed or written anew as a whole. */
  isRemoved(element: Element): boolean;
  insert(at: number, bytes: Uint8Array): void;
  count(decision: Decision): void;
  reject(reason: ReasonCode, at: string): void;
  readonly edits: readonly Edit[];
  /** Number of elements per decision label. */
  decisions(): Readonly<Record<string, number>>;
  readonly rejection: Rejection | undefined;
}

function byLabel(counts: ReadonlyMap<Decision, number>): Readonly<Record<string, number>> {
  const decisions: Record<string, number> = {};
  for (const [decision, count] of counts) {
    const label = decisionLabel(decision);
    decisions[label] = (decisions[label] ?? 0) + count;
  }
  return decisions;
}

const nothing = new Uint8Array(0);

export function createObjectEditor(): ObjectEditor {
  const edits: Edit[] = [];
  const counts = new Map<Decision, number>();
  let rejection: Rejection | undefined;
  return {
    remove: ({ start, end }) => void edits.push({ start, end, bytes: nothing }),
    removeItem: ({ start, end }) => void edits.push({ start, end, bytes: nothing }),
    replaceValue: (element, value) => {
      const { tag, vr, writtenVr, encoding, start, end } = element;
      // A value under VR UN keeps the padding of what it is.
      const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.of(vrFacts[vr].pad)]);
      const bytes = encodeElement({ tag, vr: writtenVr ?? vr, value: padded }, encoding);
      edits.push({ start, end, bytes });
    },
    replaceBytes: (edit) => void edits.push(edit),
    isRemoved: ({ start, end }) => edits.some((edit) => edit.start === start && edit.end === end),
    insert: (at, bytes) => void edits.push({ start: at, end: at, bytes }),
    count: (decision) => void counts.set(decision, (counts.get(decision) ?? 0) + 1),
    reject: (reason, at) => {
      rejection ??= { reason, at };
    },
    edits,
    decisions: () => byLabel(counts),
    get rejection() {
      return rejection;
    },
  };
}
