import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { vectors } from '../verify/src/vectors.fixture.ts';

/** Publishes the test vectors anew: only when the format changes on purpose, for others hold us to them. Format the files afterwards. */
for (const [name, make] of Object.entries(vectors)) {
  writeFileSync(
    join(import.meta.dirname, '..', 'verify', 'vectors', `${name}.json`),
    `${JSON.stringify(make(), null, 2)}\n`,
  );
}
