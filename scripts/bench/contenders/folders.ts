/** Files of a folder tree with their place in it, for programs that copy one. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files below `source` by relative path; the same folders are made below `target`. */
export function mirroredFiles(source: string, target: string): readonly string[] {
  const files: string[] = [];
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = relative(source, join(entry.parentPath, entry.name));
    if (entry.isDirectory()) mkdirSync(join(target, path), { recursive: true });
    else files.push(path);
  }
  return files;
}
