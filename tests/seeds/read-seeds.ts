import { existsSync, readdirSync, readFileSync } from 'node:fs';

import type { LintInput } from '../../src/spec/lint/lint-documents.ts';

/** Where the five documents stand that Tminus began with; none of them is part of the project. */
export const seedFolder = '../shared/seeds/';

/** Returns the seeds; empty where the folder is absent. */
export function readSeeds(): LintInput[] {
  if (!existsSync(seedFolder)) return [];
  const names = readdirSync(seedFolder).filter((name) => /^\d{3}_/.test(name));
  return names.map((path) => ({ path, bytes: readFileSync(`${seedFolder}${path}`) }));
}
