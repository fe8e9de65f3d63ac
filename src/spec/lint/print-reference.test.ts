import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { printReference } from './print-reference.ts';

it('the reference page is made of the rules as they are', () => {
  expect(readFileSync('docs/reference/lint-findings.md', 'utf8')).toBe(printReference());
});
