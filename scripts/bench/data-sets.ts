/** The data of the scenarios: writes folders of objects, deep enough that a folder holds one study. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ctSlice } from '../../test/builders/phantom.ts';
import { ctSliceMaker, multiFrameHead, placeOf, smallImageMaker, tinyImageMaker } from './images.ts';

/** What a folder was filled with. */
export interface DataSet {
  readonly objects: number;
  readonly bytes: number;
}

function writeStudies(
  folder: string,
  objects: number,
  perStudy: number,
  make: (index: number) => Uint8Array,
): DataSet {
  let bytes = 0;
  for (let index = 0; index < objects; index++) {
    const { study, instance } = placeOf(index, perStudy);
    const studyFolder = join(folder, `study-${String(study).padStart(5, '0')}`);
    if (instance === 0) mkdirSync(studyFolder, { recursive: true });
    const file = make(index);
    writeFileSync(join(studyFolder, `IM${String(instance).padStart(5, '0')}.dcm`), file);
    bytes += file.length;
  }
  return { objects, bytes };
}

export function writeCtSlices(folder: string, objects: number): DataSet {
  return writeStudies(folder, objects, 200, ctSliceMaker(200));
}

export function writeSmallImages(folder: string, objects: number): DataSet {
  return writeStudies(folder, objects, 500, smallImageMaker(500));
}

export function writeTinyImages(folder: string, objects: number): DataSet {
  return writeStudies(folder, objects, 1000, tinyImageMaker(1000));
}

/** Writes one image of as many frames as come nearest to `size` bytes from below. */
export function writeMultiFrame(folder: string, size: number): DataSet {
  const frameBytes = 512 * 512 * 2;
  const frames = Math.floor(size / (frameBytes + 1024));
  const { head } = multiFrameHead(frames);
  const slice = ctSlice(512, 0.5);
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, 'multi-frame.dcm'), 'wx');
  try {
    writeSync(file, head);
    for (let frame = 0; frame < frames; frame++) writeSync(file, slice);
  } finally {
    closeSync(file);
  }
  return { objects: 1, bytes: head.length + frames * frameBytes };
}
