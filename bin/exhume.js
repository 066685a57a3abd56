#!/usr/bin/env node
import module from 'node:module';
import path from 'node:path';

// Keep compiled code in the user's cache directory (XDG Base Directory Specification), not in the one for temporary files.
const { HOME, XDG_CACHE_HOME } = process.env;
const caches = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
if (caches) module.enableCompileCache?.(path.join(caches, 'exhume'));
await import('../dist/exhume.js');
