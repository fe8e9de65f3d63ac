import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readOpenApi } from './client/open-api.ts';
import { renderClient } from './client/render-client.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'docs', 'reference', 'openapi.json');
const target = join(root, 'web', 'src', 'api', 'client.generated.ts');

/** The client that a description of the API (OpenAPI 3.1, as text) says there should be. */
export async function toClient(openApi: string): Promise<string> {
  const { operations, schemas } = readOpenApi(JSON.parse(openApi));
  return renderClient(operations, schemas);
}

/** Text of a file; null where there is none. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Writes the client, or with `--check` says whether it is fresh. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const openApi = read(source);
  if (openApi === null) {
    process.stderr.write(
      'docs/reference/openapi.json: expected the description of the API, got no file; write it first\n',
    );
    return 1;
  }
  const text = await toClient(openApi);
  if (!args.includes('--check')) {
    writeFileSync(target, text);
    return 0;
  }
  if (read(target) === text) return 0;
  process.stderr.write(
    'web/src/api/client.generated.ts: expected what docs/reference/openapi.json says, got another text; run "node scripts/run.mjs tools/write-client.ts"\n',
  );
  return 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
