import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { createMasker } from './masker.ts';
import { generateSecrets } from './secret-forms.fixture.ts';

const root = join(import.meta.dirname, '../..');

/** Our own sources and documents without tests, which hold made-up credentials on purpose, and without the rules themselves. */
function readLines(): string[] {
  const patterns = ['{src,verify,docs,examples,scripts,tools,bench}/**/*.{ts,mjs,md,json,yaml,sql}', '*.{md,json}'];
  return globSync(patterns, { cwd: root })
    .filter((path) => !/^src\/mask\/|\.test\.ts$|\.fixture\.ts$|node_modules|bench\/results|mask\.bench/.test(path))
    .flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'));
}

const samples = join(root, '../shared/samples');
/** Passwords that stand in the samples: in addresses, and behind their names. */
const credential = /:\/\/[^\s:/]+:[^\s@]+@|password"?(?:=|: ?")(?!None)\w/i;

describe('ordinary text', () => {
  it.skipIf(!existsSync(samples))(
    'S4 of 100,000 lines of documents and reports that others wrote only those with a password are masked (skipped where the samples are not beside the project)',
    () => {
      const masker = createMasker({ secrets: [], rules: [], profile: 'audit', now: new Date(0) });
      const lines = globSync('**/*', { cwd: samples })
        .filter((path) => statSync(join(samples, path)).isFile())
        .flatMap((path) => readFileSync(join(samples, path), 'utf8').split('\n'));
      const masked = lines.filter((line) => masker.maskText(line) !== line);
      const wrong = masked.filter((line) => !credential.test(line));
      process.stdout.write(
        `${masked.length} of ${lines.length} sample lines masked, ${wrong.length} of them wrongly\n`,
      );
      expect(lines.length).toBeGreaterThan(100_000);
      expect(masked.length, 'the passwords are found (negative control)').toBeGreaterThan(5);
      expect(wrong.slice(Math.floor(lines.length / 100_000))).toEqual([]);
    },
  );

  it('S4 at most one of 100,000 lines of our own sources and documents is masked, with 1,000 known secrets', () => {
    const secrets = generateSecrets(1000, 5).map((value, at) => ({
      name: `s${at}`,
      value,
      retiredAt: null,
      allowWeak: false,
    }));
    const masker = createMasker({ secrets, rules: [], profile: 'audit', now: new Date(0) });
    const lines = readLines();
    const masked = lines.filter((line) => masker.maskText(line) !== line);
    process.stdout.write(`${masked.length} of ${lines.length} benign lines masked\n`);
    expect(lines.length).toBeGreaterThan(20_000);
    expect(masked.slice(Math.floor(lines.length / 100_000))).toEqual([]);
  });

  it('S4 the same lines with one secret in each hundredth are found, all of them (negative control)', () => {
    const value = 'pL9x.Qz47-Vb2n';
    const masker = createMasker({
      secrets: [{ name: 'one', value, retiredAt: null, allowWeak: false }],
      rules: [],
      profile: 'log',
      now: new Date(0),
    });
    const lines = readLines()
      .filter((_, at) => at % 100 === 0)
      .map((line) => `${line} ${value} ${line}`);
    expect(lines.filter((line) => masker.maskText(line).includes(value))).toEqual([]);
  });
});
