// Writes docs/reference/lint-findings.md from the rules: node scripts/run.mjs tools/write-lint-reference.ts
import { writeFileSync } from 'node:fs';

import { printReference } from '../src/spec/lint/print-reference.ts';

writeFileSync('docs/reference/lint-findings.md', printReference());
