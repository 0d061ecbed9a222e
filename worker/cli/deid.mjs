#!/usr/bin/env node
/** The program `deid` as it is started: turns the compile cache on, then all else is loaded out of it. */
import { enableCompileCache } from 'node:module';
import { compileCacheFolder } from '../compile-cache.mjs';

enableCompileCache(compileCacheFolder);
await import('./main.ts');
