/**
 * A small study set such as a hospital would send: a CT series and its report, an MR series over midnight, an
 * ultrasound loop, of three invented people in three character sets. The same bytes every time.
 */
import { ctSliceFile, ctSlices, mrSliceFile, mrSlices, ultrasoundFile } from './study-images.ts';
import { reportFile } from './study-report.ts';

/** A file of the set; `path` is relative, with `/` between folders. */
export interface StudyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function series(
  count: number,
  path: (number: string) => string,
  file: (index: number) => Uint8Array,
): readonly StudyFile[] {
  return Array.from({ length: count }, (_, index) => ({
    path: path(String(index + 1).padStart(3, '0')),
    bytes: file(index),
  }));
}

/** Makes the files of the set, twenty-five in all. */
export function studySet(): readonly StudyFile[] {
  return [
    ...series(ctSlices, (number) => `gruenspecht/ct/IM${number}.dcm`, ctSliceFile),
    { path: 'gruenspecht/report.dcm', bytes: reportFile() },
    ...series(mrSlices, (number) => `hoshino/mr/IM${number}.dcm`, mrSliceFile),
    { path: 'zurawinska/us/loop.dcm', bytes: ultrasoundFile() },
  ];
}
