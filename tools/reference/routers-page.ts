import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RouterKind } from '../../src/core/rollout/router-kind.ts';
import { toKeyRows } from './key-rows.ts';
import { generatedBy, toTable } from './page.ts';
import { routerExamples } from './router-examples.ts';

const folder = join(import.meta.dirname, '../../src/kinds/routers');

const introduction = `# Routers

${generatedBy}

What splits traffic between the stable and the canary arm stands in the front matter under \`routers\`, by a name that rollouts use. Every option is a text, or one for each environment:
\`socket: { production: "10.0.0.5:9999", staging: "haproxy.sock" }\`. A token or key is never an option: \`secret:\` names an entry of \`secrets\`. Private hosts have to be among those that the
environment allows. A rehearsal touches no host of production.`;

/** The reference page of all kinds of routers. Throws where an example has a fault, or a kind has none. */
export function toRoutersPage(kinds: readonly RouterKind[]): string {
  const index = toTable(
    ['kind', 'does'],
    kinds.map(({ kind, summary }) => [`[\`${kind}\`](#${kind})`, `${summary}.`]),
  );
  const shared = proseOf('.')
    .replace(/^One folder.*\n/, '')
    .trim();
  return `${[introduction, index, '## What all keep', shared, ...kinds.map(toSection)].join('\n\n')}\n`;
}

function toSection(router: RouterKind): string {
  const example = routerExamples[router.kind];
  const [fault] = example === undefined ? [{ path: '', expected: 'an example' }] : router.faults(example);
  if (example === undefined || fault !== undefined)
    throw new Error(
      `router ${router.kind}: ${fault?.path} - expected ${fault?.expected} in tools/reference/router-examples.ts`,
    );
  const lines = Object.entries(example).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`);
  const written = ['```yaml', 'routers:', '  edge:', `    kind: ${router.kind}`, ...lines, '```'].join('\n');
  const rows = toKeyRows(toReader(router), example);
  return [
    `## ${router.kind}`,
    `${router.summary}.`,
    written,
    toTable(['option', 'value', 'default', ''], rows),
    proseOf(router.kind),
  ].join('\n\n');
}

/** The table asks a kind which units it takes; it says so by its faults. */
function toReader(router: RouterKind): Parameters<typeof toKeyRows>[0] {
  return {
    jsonSchema: router.jsonSchema,
    readSpec(written) {
      const options = written as { [key: string]: string };
      const found = router.faults(options);
      if (found.length === 0) return { ok: true, spec: options };
      return { ok: false, faults: found.map(({ path, ...fault }) => ({ path: [path], ...fault })) };
    },
  };
}

/** The README of a folder without its title. */
function proseOf(kind: string): string {
  return readFileSync(join(folder, kind, 'README.md'), 'utf8')
    .replace(/^# .*\n+/, '')
    .trim();
}
