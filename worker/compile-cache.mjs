/**
 * Where Node keeps the compiled form of the program's modules, so that no process strips and compiles them anew: beside
 * the code, where only who may change the code may write, and never in a temporary folder that others can fill. Where
 * the folder cannot be written, Node reads what it holds and adds nothing.
 *
 * In JavaScript, since Node loads what strips types as soon as it meets a module outside the cache.
 */
import { fileURLToPath } from 'node:url';

export const compileCacheFolder = fileURLToPath(new URL('../node_modules/.cache/deid', import.meta.url));
