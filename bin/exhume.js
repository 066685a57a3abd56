#!/usr/bin/env node
import module from 'node:module';
import path from 'node:path';

// Compiled code is kept where caches belong (XDG Base Directory Specification), not among temporary files.
const { HOME, XDG_CACHE_HOME } = process.env;
const caches = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
if (caches) module.enableCompileCache?.(path.join(caches, 'exhume'));
await import('../dist/exhume.js');
