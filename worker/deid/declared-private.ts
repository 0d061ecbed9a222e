/**
 * What an object declares of its own private elements in Private Data Element Characteristics Sequence (0008,0300)
 * (PS3.3 section C.12.1.1.7): blocks or elements that are said to hold nothing identifying, and those that do.
 */
import type { DataSet, Element, ResidentBytes } from '../dicom/element.ts';
import { readNumbers } from '../dicom/numbers.ts';
import type { Tag } from '../dicom/tag.ts';
import { asciiValues, bytesOf, latin1, trimPadding } from './element-value.ts';
import { elementIn } from './scope.ts';

const characteristicsSequence: Tag = 0x00080300;
const privateGroupReference: Tag = 0x00080301;
const privateCreatorReference: Tag = 0x00080302;
const blockIdentifyingInformationStatus: Tag = 0x00080303;
const nonidentifyingPrivateElements: Tag = 0x00080304;
const deidentificationActionSequence: Tag = 0x00080305;
const identifyingPrivateElements: Tag = 0x00080306;

/** Answers whether the object declares an element safe; `elementByte` is the low byte of the element number. */
export interface DeclaredPrivate {
  isSafe(group: number, creator: string, elementByte: number): boolean;
}

interface DeclaredBlock {
  readonly allSafe: boolean;
  readonly safe: ReadonlySet<number>;
  readonly identifying: ReadonlySet<number>;
}

function blockKey(group: number, creator: string): string {
  return `${group}\\${creator.trim().toUpperCase()}`;
}

function elementNumbers(element: Element | undefined, body: ResidentBytes): readonly number[] {
  if (element === undefined) return [];
  return readNumbers(bytesOf(element, body), 'US', element.encoding).map((number) => number & 0xff);
}

/** Reads the declarations of the root data set. Items that are incomplete declare nothing. */
export function declaredPrivate(dataSet: DataSet, body: ResidentBytes): DeclaredPrivate {
  const blocks = new Map<string, DeclaredBlock>();
  for (const item of elementIn(dataSet, characteristicsSequence)?.items ?? []) {
    const group = elementIn(item.dataSet, privateGroupReference);
    const creator = elementIn(item.dataSet, privateCreatorReference);
    const status = elementIn(item.dataSet, blockIdentifyingInformationStatus);
    if (group === undefined || creator === undefined) continue;
    const [groupNumber] = readNumbers(bytesOf(group, body), 'US', group.encoding);
    if (groupNumber === undefined) continue;
    const actions = elementIn(item.dataSet, deidentificationActionSequence)?.items ?? [];
    blocks.set(blockKey(groupNumber, trimPadding(latin1(bytesOf(creator, body)))), {
      allSafe: status !== undefined && asciiValues(status, body)[0] === 'SAFE',
      safe: new Set(elementNumbers(elementIn(item.dataSet, nonidentifyingPrivateElements), body)),
      identifying: new Set(
        actions.flatMap((action) =>
          elementNumbers(elementIn(action.dataSet, identifyingPrivateElements), body),
        ),
      ),
    });
  }
  return {
    isSafe: (group, creator, elementByte) => {
      const block = blocks.get(blockKey(group, creator));
      if (block === undefined || block.identifying.has(elementByte)) return false;
      return block.allSafe || block.safe.has(elementByte);
    },
  };
}
