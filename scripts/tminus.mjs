#!/usr/bin/env node
// The `tminus` command of an installation: `npm link` puts it on the PATH.
import { join } from 'node:path';

process.argv.splice(2, 0, join(import.meta.dirname, '../src/main.ts'));
await import('./run.mjs');
