/** Puts an output together: a new file header, then the data set with its edits, deflated again where it was deflated. */
import { deflateRawSync } from 'node:zlib';
import type { Edit } from '../bytes/edit.ts';
import { outputRuns, residentChunks, runsSize, streamedChunks } from '../bytes/output-runs.ts';
import { fixLengths } from '../dicom/fix-lengths.ts';
import type { ParsedObject } from '../dicom/parse.ts';
import { writeFileHeader } from '../dicom/write-file-header.ts';
import type { EngineOutput } from '../engine.ts';

/** The new identifiers of an output. */
export interface OutputNames {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly patient: string;
  readonly study: string;
  readonly series: string;
}

/**
 * The output of an object. Of a resident body only short runs are copied; a larger one is read again, in pieces, each time its
 * chunks are asked for.
 */
export function assembleOutput(
  parsed: ParsedObject,
  edits: readonly Edit[],
  names: OutputNames,
): EngineOutput {
  const { dataSet, dataSetStart, dataSetEnd, bodySource, transferSyntax } = parsed;
  const header = writeFileHeader({
    sopClassUid: names.sopClass,
    sopInstanceUid: names.sopInstance,
    transferSyntaxUid: transferSyntax.uid,
  });
  const runs = outputRuns(fixLengths(dataSet, edits), dataSetStart, dataSetEnd);
  const { resident } = bodySource;
  const output = {
    patient: names.patient,
    study: names.study,
    series: names.series,
    instance: names.sopInstance,
    extension: 'dcm',
  };
  if (transferSyntax.deflated && resident !== undefined) {
    const chunks = [header, deflate(Buffer.concat(residentChunks(runs, resident)))];
    return { ...output, size: chunks.reduce((size, chunk) => size + chunk.length, 0), chunks: () => chunks };
  }
  const size = header.length + runsSize(runs);
  if (resident !== undefined) {
    const chunks = residentChunks([{ kind: 'bytes', bytes: header }, ...runs], resident);
    return { ...output, size, chunks: () => chunks };
  }
  return {
    ...output,
    size,
    chunks: async function* chunks() {
      yield header;
      yield* streamedChunks(runs, bodySource);
    },
  };
}

/** Deflates a data set and pads it to even length with a NUL (PS3.5 section A.5). */
function deflate(dataSet: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(dataSet);
  return deflated.length % 2 === 0 ? deflated : Buffer.concat([deflated, Uint8Array.of(0)]);
}
