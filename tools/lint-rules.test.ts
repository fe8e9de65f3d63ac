import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = dirname(import.meta.dirname);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-lint-'));
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(file: string, text: string): string {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
  const run = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), file], {
    cwd: folder,
    encoding: 'utf8',
  });
  return run.stdout + run.stderr;
}

const imports = (path: string) => `import { x } from '${path}';\nexport const y = [x];\n`;

describe('import direction', () => {
  const forbidden: [string, string][] = [
    ['src/core/gate/a.ts', '../../spec/read-launch.ts'],
    ['src/core/gate/a.ts', '../../store/evidence-log.ts'],
    ['src/core/gate/a.ts', 'node:fs'],
    ['src/spec/a.ts', '../kinds/checks/readers.ts'],
    ['src/kinds/checks/http/a.ts', '../../../store/evidence-log.ts'],
    ['src/kinds/checks/http/a.ts', '../tls/reader.ts'],
    ['src/kinds/checks/http/reader.ts', 'node:net'],
    ['src/kinds/checks/http/reader.ts', './observe.ts'],
    ['src/store/a.ts', '../engine/run-checks.ts'],
    ['src/engine/a.ts', '../cli/decide.ts'],
    ['src/engine/a.ts', '../api/route.ts'],
    ['src/api/routes/a.ts', '../../cli/shell.ts'],
    ['src/cli/commands/a.ts', '../../api/route.ts'],
    ['src/cli/commands/a.ts', '../../server/open-server.ts'],
    ['web/src/pages/home/a.ts', '../../../../src/core/gate/decide.ts'],
    ['web/src/main.ts', '../../verify/src/canonicalize.ts'],
    ['verify/src/a.ts', 'node:fs'],
    ['verify/src/a.ts', '../../src/core/gate/decide.ts'],
  ];
  it.each(forbidden)('refuses that %s imports %s', (file, path) => {
    expect(lint(file, imports(path))).toContain('no-restricted-imports');
  });

  const allowed: [string, string][] = [
    ['src/core/gate/a.ts', '../launch/launch.ts'],
    ['src/core/gate/a.ts', '@tminus/verify'],
    ['src/kinds/checks/http/a.ts', '../read-schema.ts'],
    ['src/engine/a.ts', '../store/evidence-log.ts'],
    ['verify/src/a.ts', 'node:crypto'],
    ['web/src/pages/home/a.ts', '../../api/request.ts'],
  ];
  it.each(allowed)('lets %s import %s', (file, path) => {
    expect(lint(file, imports(path))).not.toContain('no-restricted-imports');
  });
});

describe('size and purity', () => {
  it('refuses a file of 251 lines', () => {
    expect(lint('src/core/gate/a.ts', 'export const a = 1;\n' + '\n'.repeat(249) + 'export const b = 2;\n')).toContain(
      'max-lines',
    );
  });
  it('refuses a function of 41 lines', () => {
    const body = Array.from({ length: 41 }, (_, i) => `  total += ${i};`).join('\n');
    expect(
      lint('src/core/gate/a.ts', `export function a() {\n  let total = 0;\n${body}\n  return total;\n}\n`),
    ).toContain('max-lines-per-function');
  });
  it('refuses the clock and chance in core', () => {
    const text = lint('src/core/gate/a.ts', 'export const a = () => [Date.now(), Math.random(), process.env];\n');
    expect(text).toContain('no-restricted-properties');
    expect(text).toContain('no-restricted-globals');
  });
  it('finds no clock read through `new Date()` below main', () => {
    const files = globSync(['src/core/**/*.ts', 'src/spec/**/*.ts', 'src/kinds/**/reader.ts', 'verify/src/**/*.ts'], {
      cwd: root,
    });
    expect(files.length).toBeGreaterThan(10);
    const reads = files.filter(
      (file) => !file.endsWith('.test.ts') && /new Date\(\s*\)/u.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(reads).toEqual([]);
  });
});
