/** What is known of the object as a whole before its elements are decided. */
import type { ResidentBytes } from '../dicom/element.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { IodFactsAt } from '../profile/iod-facts.ts';
import type { KindOf } from './collect-identifying-values.ts';
import type { DecisionMemory } from './decision-memory.ts';
import type { DeclaredPrivate } from './declared-private.ts';

export interface ObjectContext {
  readonly profile: CompiledProfile;
  readonly body: ResidentBytes;
  readonly sopClass: string;
  readonly modality: string | undefined;
  readonly iodFacts: IodFactsAt;
  /** Decisions of earlier objects that hold for this one. */
  readonly decisions: DecisionMemory;
  readonly kindOf: KindOf;
  /** What the object itself declares of its private elements in (0008,0300). */
  readonly declaredPrivate: DeclaredPrivate;
  /** False where Patient's Name was lost in a character set, so that it cannot be searched for. */
  readonly isNameReadable: boolean;
  /** Groups 60xx that go as a whole because their bits do, or cannot be looked at. */
  readonly removedOverlayGroups: ReadonlySet<number>;
}
