/** What a content item says of itself: its value type and the code of its concept name (PS3.3 section C.17.3). */
import type { DataSet, ResidentBytes } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { asciiValues, bytesOf, latin1, trimPadding } from './element-value.ts';
import { elementIn } from './scope.ts';

export const contentTags = {
  valueType: 0x0040a040,
  conceptNameCodeSequence: 0x0040a043,
  textValue: 0x0040a160,
  personName: 0x0040a123,
  dateTime: 0x0040a120,
  date: 0x0040a121,
  time: 0x0040a122,
  uid: 0x0040a124,
  measuredValueSequence: 0x0040a300,
  numericValue: 0x0040a30a,
  conceptCodeSequence: 0x0040a168,
  contentSequence: 0x0040a730,
} as const satisfies Record<string, Tag>;

const codeValue: Tag = 0x00080100;
const codingSchemeDesignator: Tag = 0x00080102;
const longCodeValue: Tag = 0x00080119;

/** A code: its value and coding scheme. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
}

export interface ContentItem {
  readonly valueType: string | undefined;
  readonly concept: Code | undefined;
}

function asciiValue(dataSet: DataSet, tag: Tag, body: ResidentBytes): string | undefined {
  const element = elementIn(dataSet, tag);
  return element === undefined ? undefined : trimPadding(latin1(bytesOf(element, body)));
}

/** The code of a code sequence item. */
export function codeOf(item: DataSet, body: ResidentBytes): Code | undefined {
  const value = asciiValue(item, codeValue, body) ?? asciiValue(item, longCodeValue, body);
  const scheme = asciiValue(item, codingSchemeDesignator, body);
  return value === undefined || scheme === undefined ? undefined : { value, scheme };
}

export function contentItemOf(item: DataSet, body: ResidentBytes): ContentItem {
  const valueType = elementIn(item, contentTags.valueType);
  const [name] = elementIn(item, contentTags.conceptNameCodeSequence)?.items ?? [];
  return {
    valueType: valueType === undefined ? undefined : asciiValues(valueType, body)[0],
    concept: name === undefined ? undefined : codeOf(name.dataSet, body),
  };
}
