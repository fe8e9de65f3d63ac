// Writes the goldens anew: node scripts/run.mjs tests/seeds/write-goldens.ts. Review each changed line by hand, and its review.
import { existsSync, writeFileSync } from 'node:fs';

import { lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { readSeeds, seedFolder } from './read-seeds.ts';
import { summarize } from './summarize.ts';

for (const document of lintDocuments(readSeeds(), { exists: (path) => existsSync(`${seedFolder}${path}`) }).documents) {
  const { understood, findings } = summarize(document);
  const rows = Object.entries(understood).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const lines = findings.map((finding) => `    ${JSON.stringify(finding)}`);
  writeFileSync(
    `tests/seeds/${document.path.slice(0, 3)}.golden.json`,
    `{\n  "understood": {\n${rows.join(',\n')}\n  },\n  "findings": [\n${lines.join(',\n')}\n  ]\n}\n`,
  );
}
