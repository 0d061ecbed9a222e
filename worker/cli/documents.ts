/**
 * Reads DeidJob and DeidProfile documents from YAML and JSON files, several to a file, and says where in the file each
 * problem lies. Texts of the YAML parser are not passed on: they quote the file, and people paste keys into files.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { checkRules, type DeidDocument, type Problem, validateDocument } from '../../crds/validate.ts';
import { offsetOf } from './yaml-place.ts';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  /** The name that the file was given by; `-` for standard input. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A problem of a document, or of the file itself. */
export interface LocatedProblem extends Place {
  readonly code: Problem['code'] | 'UnreadableFile' | 'InvalidYaml';
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** A validated document and where it begins. */
export interface LocatedDocument extends Place {
  readonly document: DeidDocument;
}

/** What files hold. The documents are of use only where there are no problems. */
export interface LoadedDocuments {
  readonly documents: readonly LocatedDocument[];
  readonly problems: readonly LocatedProblem[];
}

/** What reading documents needs of the world. */
export interface DocumentSurroundings {
  /** The folder that relative names are resolved against. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Tells the keywords of PS3.6. */
  isKeyword(keyword: string): boolean;
}

/** Bytes of the largest file that is read: the API server takes no larger document either. */
const largestFile = 3 * 1024 * 1024;

const syntaxMessages: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'the alias names no anchor',
  BAD_INDENT: 'the line is not indented as its neighbours are',
  DUPLICATE_KEY: 'the field stands twice',
  MISSING_CHAR: 'a bracket, a quote or a colon is missing',
  MULTILINE_IMPLICIT_KEY: 'the name of a field reaches over several lines',
  TAB_AS_INDENT: 'a tab indents the line; use blanks',
};

function fileProblem(place: Place, code: LocatedProblem['code'], message: string): LocatedProblem {
  return { ...place, code, path: '', message };
}

/** The document as a plain value; undefined where its aliases multiply beyond reason. */
function plainValue(root: Document): unknown {
  try {
    return root.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

const nothing: LoadedDocuments = { documents: [], problems: [] };

/** Validates one document of a text; an empty one is nothing. */
function examine(
  root: Document,
  placeAt: (offset: number) => Place,
  isKeyword: (keyword: string) => boolean,
): LoadedDocuments {
  if (root.errors.length > 0) {
    const problems = root.errors.map(({ code, pos }) =>
      fileProblem(
        placeAt(pos[0]),
        'InvalidYaml',
        `${syntaxMessages[code] ?? 'the text is no YAML'} (${code})`,
      ),
    );
    return { documents: [], problems };
  }
  const place = placeAt(offsetOf(root, []));
  const value = plainValue(root);
  if (value === undefined) {
    return { documents: [], problems: [fileProblem(place, 'InvalidYaml', 'aliases are used too often')] };
  }
  if (value === null) return nothing;
  const located = ({ segments, ...rest }: Problem): LocatedProblem => ({
    ...placeAt(offsetOf(root, segments)),
    ...rest,
  });
  const validated = validateDocument(value);
  if (!validated.ok) return { documents: [], problems: validated.problems.map(located) };
  const { document } = validated;
  const problems = document.kind === 'DeidProfile' ? checkRules(document.spec.dicom.rules, isKeyword) : [];
  return { documents: [{ ...place, document }], problems: problems.map(located) };
}

function joined(parts: readonly LoadedDocuments[]): LoadedDocuments {
  return {
    documents: parts.flatMap(({ documents }) => documents),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** Validates the documents of a text; empty ones are passed over, a text without any is a problem. */
export function parseDocuments(
  file: string,
  text: string,
  isKeyword: (keyword: string) => boolean,
): LoadedDocuments {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const roots = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })];
  const loaded = joined(roots.map((root) => examine(root, placeAt, isKeyword)));
  if (loaded.documents.length > 0 || loaded.problems.length > 0) return loaded;
  const empty = fileProblem({ file, line: 1, column: 1 }, 'NotADocument', 'holds no document');
  return { documents: [], problems: [empty] };
}

/** The first bytes of a file, one more than the largest that is read. */
async function readFileStart(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(largestFile + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

async function readStreamStart(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largestFile) break;
  }
  return Buffer.concat(chunks);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function loadFile(file: string, surroundings: DocumentSurroundings): Promise<LoadedDocuments> {
  const refused = (message: string): LoadedDocuments => ({
    documents: [],
    problems: [fileProblem({ file, line: 1, column: 1 }, 'UnreadableFile', message)],
  });
  let bytes: Uint8Array;
  try {
    bytes =
      file === '-'
        ? await readStreamStart(surroundings.stdin)
        : await readFileStart(resolve(surroundings.cwd, file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return refused(`cannot be read (${code})`);
  }
  if (bytes.length > largestFile) return refused('is larger than 3 MiB, which no document is');
  const text = decodeUtf8(bytes);
  return text === undefined
    ? refused('is not text in UTF-8')
    : parseDocuments(file, text, surroundings.isKeyword);
}

/** Reads and validates the documents of all files in order; `-` is standard input. */
export async function loadDocuments(
  files: readonly string[],
  surroundings: DocumentSurroundings,
): Promise<LoadedDocuments> {
  const loaded: LoadedDocuments[] = [];
  for (const file of files) loaded.push(await loadFile(file, surroundings));
  return joined(loaded);
}

/** `job.yaml:12:5 spec.source.volume: is missing: it must be an object`, with the hint behind it. */
export function formatProblem({ file, line, column, path, message, hint }: LocatedProblem): string {
  const subject = path === '' ? '' : `${path}: `;
  return `${file}:${line}:${column} ${subject}${message}${hint === undefined ? '' : `. ${hint}`}`;
}
