import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { hostileDocuments, launchDocument } from './hostile-documents.ts';
import type { HostileDocument } from './hostile-documents.ts';
import { readError, startTminus } from './start-tminus.ts';
import type { EndedRun, StartOptions } from './start-tminus.ts';

/** Of a processor, for a start and a read; a hang or a quadratic reader takes far longer. */
const mostCpuMs = 15_000;
const mostBytes = 600 * 1024 * 1024;

let parent: string;
let folder: string;
let nr = 0;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'tminus-bad-'));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(parent, String((nr += 1)));
  mkdirSync(folder);
});

const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
const run = (args: readonly string[], options?: StartOptions) => startTminus(folder, args, options).ended;

let database: TestDatabase | null = null;
afterEach(async () => {
  await database?.drop();
  database = null;
});

/** Runs commands on a database of the test run, in a test that is not about the database: one of its own would be made for each folder. */
async function openDatabase(): Promise<typeof run> {
  database = await createTestDatabase();
  const { url } = database;
  return (args, options = {}) => run(args, { ...options, env: { DATABASE_URL: url, ...options.env } });
}

interface LintReport {
  totals: { blocking: number };
  documents: {
    path: string;
    findings: { code: string; line: number; column: number; expected: string; got: string; hint: string }[];
  }[];
}
const readLint = ({ stdout }: EndedRun) => JSON.parse(stdout) as LintReport;

function expectBounded({ cpuMs, peakBytes, signal }: EndedRun): void {
  expect(signal).toBeNull();
  expect(cpuMs).toBeGreaterThan(0);
  expect(cpuMs).toBeLessThan(mostCpuMs);
  expect(peakBytes).toBeGreaterThan(0);
  expect(peakBytes).toBeLessThan(mostBytes);
}

/** Line and column, from 1, of a text in a document: counted here, not by the product. */
function placeOf({ bytes, place }: HostileDocument): { line: number; column: number } {
  if (place === null) return { line: 1, column: 1 };
  const text = bytes.toString();
  const lines = text.slice(0, text.indexOf(place)).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

describe('a hostile document', () => {
  it('is the only thing that is refused: the same launch without damage reads', async () => {
    write('launch.md', launchDocument());
    const [lint, check] = await Promise.all([run(['lint', '--json']), run(['check', '--json', '--dry-run'])]);
    expect([lint.exit, check.exit]).toEqual([0, 0]);
    expect(readLint(lint).totals.blocking).toBe(0);
    expectBounded(check);
  });

  it.each(hostileDocuments.map((each) => [each.name, each] as const))(
    '%s: lint names the place, and nothing is run from it',
    async (_, document) => {
      write('launch.md', document.bytes);
      const [lint, check] = await Promise.all([run(['lint', '--json']), run(['check', '--json'])]);
      const place = placeOf(document);
      expect(lint.exit).toBe(3);
      const found = readLint(lint).documents[0]?.findings.find(({ code }) => code === document.lintCode);
      expect(found).toMatchObject({ ...place, expected: document.expected, got: document.got });
      expect(found?.hint).toMatch(/^[a-z].{5,}/u);
      expect(check.exit).toBe(3);
      const error = readError(check);
      expect(error).toMatchObject({ code: 'launch_invalid', at: { file: 'launch.md', ...place } });
      expect(error.message).toContain(`launch.md:${place.line}:${place.column} `);
      expect(error.message).toContain(`expected ${document.expected}, got ${document.got}`);
      expect(error.hint).toMatch(/^[a-z].{5,}/u);
      for (const each of [lint, check]) expectBounded(each);
      expect(check.stdout).toBe('');
      expect(readdirSync(folder)).toEqual(['launch.md']);
    },
    180_000,
  );

  it('is refused by every command that would act on it, and nothing is written', async () => {
    write('launch.md', hostileDocuments[0]!.bytes);
    const commands = [
      ['decide', '--html', 'page.html'],
      ['evidence', 'export', '--out', 'bundle'],
      ['evidence', 'list'],
      ['attest', 'read', '--as', 'alice', '--key', 'alice.pem'],
      ['approve', '--as', 'alice', '--key', 'alice.pem'],
    ];
    const runs = await Promise.all(commands.map((args) => run([...args, '--json'])));
    expect(runs.map(({ exit }) => exit)).toEqual(commands.map(() => 3));
    expect(runs.map((each) => readError(each).code)).toEqual(commands.map(() => 'launch_invalid'));
    expect(readdirSync(folder)).toEqual(['launch.md']);
  });

  it('names line and column of the first byte that is not UTF-8, and its offset in the file', async () => {
    const before = Buffer.from(`${launchDocument()}\nGrüße, 日本 ab`);
    write('launch.md', Buffer.concat([before, Buffer.from([0xff, 0x41]), Buffer.from('\n')]));
    const line = before.toString().split('\n').length;
    const at = { file: 'launch.md', line, column: 'Grüße, 日本 ab'.length + 1 };
    const error = readError(await run(['check', '--json']));
    expect(error).toMatchObject({ code: 'launch_invalid', at });
    expect(error.message).toContain(`got 0xff at byte ${before.length}`);
  });

  it('with a byte order mark and CRLF is no hostile document: it reads as the same plan', async () => {
    write('launch.md', launchDocument());
    const tminus = await openDatabase();
    const plain = await tminus(['decide', '--json']);
    write('launch.md', `\uFEFF${launchDocument().replaceAll('\n', '\r\n')}`);
    const [lint, decide] = [await run(['lint', '--json']), await tminus(['decide', '--json'])];
    expect(lint.exit).toBe(0);
    const codes = readLint(lint).documents[0]?.findings.map(({ code }) => code);
    expect(codes).toEqual(['byte-order-mark', 'carriage-return', 'nobody-to-sign']);
    const planOf = ({ stdout }: EndedRun) =>
      (JSON.parse(stdout) as { decision: { planHash: string } }).decision.planHash;
    expect(planOf(decide)).toBe(planOf(plain));
  });

  it.each([
    ['that declares the launch', 'launch.md', 'launch'],
    ['that declares a runbook, whose gates would be missing', 'runbook.md', 'runbook'],
  ])('of 100 MB %s is refused in bounded memory', async (_, name, kind) => {
    write('launch.md', launchDocument());
    write(name, launchDocument().replace('tminus: launch', `tminus: ${kind}`));
    truncateSync(join(folder, name), 100_000_000);
    const [lint, check] = await Promise.all([run(['lint', '--json']), run(['check', '--json'])]);
    const { documents } = readLint(lint);
    expect(documents.find(({ path }) => path === name)?.findings.map(({ code }) => code)).toContain(
      'document-too-large',
    );
    expect([lint.exit, check.exit]).toEqual([3, 3]);
    expect(readError(check)).toMatchObject({ code: 'document_unreadable', at: { file: name, line: 1, column: 1 } });
    expect(readError(check).message).toContain('expected at most 8388608 bytes');
    for (const each of [lint, check]) expectBounded(each);
  });

  it('A8 does not drive the terminal: neither its escapes nor those of a target reach it', async () => {
    const tminus = await openDatabase();
    const escapes = '\u001B]0;owned\u0007\u001B[31mred\u202Etxt\u009B2J';
    write(
      'launch.md',
      launchDocument({
        text: `\n- [ ] evil ${escapes} {#evil}\n\n  \`\`\`sh\n  printf 'evil\\033[2J\\r\\n'\n  # expect stdout == "evil"\n  \`\`\`\n`,
      }),
    );
    write('evil\u001B[31mred\u202E.md', `# evil ${escapes}\n`);
    const commands = [
      ['lint'],
      ['lint', '--json'],
      ['check'],
      ['check', '--json', '--force'],
      ['decide'],
      ['decide', '--json'],
    ];
    for (const color of [{}, { NO_COLOR: undefined, FORCE_COLOR: '1' }]) {
      for (const args of commands) {
        const { stdout, stderr, exit } = await tminus(args, { env: color });
        const shown = `${stdout}${stderr}`;
        expect([args, exit]).toEqual([args, args[0] === 'lint' ? 0 : 4]);
        // The palette's own colours are the only sequences, and only where colour was asked for.
        const left = color.FORCE_COLOR ? shown.replaceAll(/\u001B\[(?:[12]|22|3[1-9])m/gu, '') : shown;
        expect([args, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/u.exec(left)?.[0]]).toEqual([args, undefined]);
        expect(shown).not.toContain('\u001B[31mred');
        expect([args, shown.includes('evil')]).toEqual([args, true]);
      }
    }
  }, 180_000);
});

describe('what is no document', () => {
  const outside = () => {
    const elsewhere = join(parent, `${nr}-outside`);
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'secret.md'), launchDocument().replace('id: shop', 'id: canary'));
    return elsewhere;
  };

  it('A16 a link out of the launch repository is never opened: passed over by name, refused where a document leads to it', async () => {
    const tminus = await openDatabase();
    const elsewhere = outside();
    write('launch.md', launchDocument());
    symlinkSync(join(elsewhere, 'secret.md'), join(folder, 'link.md'));
    symlinkSync(elsewhere, join(folder, 'up'));
    for (const command of ['lint', 'check']) {
      const { exit, stdout, stderr } = await tminus([command, '--json']);
      expect([command, exit]).toEqual([command, 0]);
      expect(stderr).toBe('passed over link.md: a symbolic link that leads out of the folder\n');
      expect(stdout).not.toContain('canary');
    }
    for (const target of ['link.md', 'up/secret.md']) {
      write('launch.md', launchDocument({ text: `\nSee [the procedure](${target}).\n` }));
      const error = readError(await run(['check', '--json']));
      expect(error).toMatchObject({ code: 'document_unreadable', at: { file: target } });
      expect(error.message).toContain('leads out of the folder');
    }
  });

  it('links in a circle and links to nothing are passed over, and a circle for a folder is told', async () => {
    write('launch.md', launchDocument());
    symlinkSync('b.md', join(folder, 'a.md'));
    symlinkSync('a.md', join(folder, 'b.md'));
    symlinkSync('.', join(folder, 'self'));
    symlinkSync('circle', join(folder, 'circle'));
    const check = await (await openDatabase())(['check', '--json']);
    expect(check.exit).toBe(0);
    expect(check.stderr.split('\n')).toEqual([
      'passed over a.md: a symbolic link to nothing',
      'passed over b.md: a symbolic link to nothing',
      '',
    ]);
    for (const args of [
      ['lint', 'circle', '--json'],
      ['check', '-C', 'circle', '--json'],
    ]) {
      const circle = await run(args);
      expect([args, circle.exit]).toEqual([args, 3]);
      expect(readError(circle).message).toContain('a circle of symbolic links');
    }
  });

  it('a pipe and a device are told, never waited for', async () => {
    write('launch.md', launchDocument({ text: '\nSee [the procedure](sop.md).\n' }));
    execFileSync('mkfifo', [join(folder, 'pipe.md'), join(folder, 'sop.md')]);
    const runs = await Promise.all(
      [
        ['lint', '--json'],
        ['lint', 'sop.md', '--json'],
        ['lint', '/dev/zero', '--json'],
        ['check', '--json'],
      ].map((args) => run(args)),
    );
    expect(runs.map(({ exit }) => exit)).toEqual([0, 3, 3, 3]);
    expect(runs[0]?.stderr).toContain('passed over pipe.md: a pipe, a socket or a device\n');
    for (const each of runs.slice(1)) {
      expect(readError(each).code).toBe('document_unreadable');
      expect(readError(each).message).toContain('expected a file, got a pipe, a socket or a device');
    }
  });

  // Root reads everything: the commands run as an account that does not.
  const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  const canRunAs = account === undefined || canRun(account);
  it.skipIf(!canRunAs)(
    `a file or a folder without the right to read it is named${canRunAs ? '' : ' (skipped: uid 65534 cannot run node from this checkout)'}`,
    async () => {
      chmodSync(parent, 0o755);
      write('launch.md', launchDocument());
      mkdirSync(join(folder, 'closed'));
      chmodSync(join(folder, 'closed'), 0o000);
      const options = account ? { account } : {};
      const lint = await run(['lint', '--json'], options);
      expect(readError(lint)).toMatchObject({ code: 'document_unreadable' });
      expect(readError(lint).message).toMatch(/^closed cannot be listed - expected a folder .*got no permission$/u);
      expect(readError(await run(['check', '--json'], options)).message).toBe(readError(lint).message);
      chmodSync(join(folder, 'closed'), 0o755);
      chmodSync(join(folder, 'launch.md'), 0o000);
      for (const command of ['lint', 'check']) {
        const closed = await run([command, '--json'], options);
        expect([command, closed.exit]).toEqual([command, 3]);
        expect(readError(closed)).toMatchObject({ code: 'document_unreadable', at: { file: 'launch.md' } });
        expect(readError(closed).message).toBe('launch.md cannot be read - expected a file, got no permission');
      }
    },
  );

  it('a bundle below the launch is a copy of what was proven, not a second launch', async () => {
    write('launch.md', launchDocument());
    const tminus = await openDatabase();
    const exported = await tminus(['evidence', 'export', '--out', 'proof', '--json']);
    expect(exported.exit).toBe(0);
    expect(existsSync(join(folder, 'proof/documents/launch.md'))).toBe(true);
    const [lint, check] = [await run(['lint', '--json']), await tminus(['check', '--json'])];
    expect([lint.exit, check.exit]).toEqual([0, 0]);
    expect(readLint(lint).documents.map(({ path }) => path)).toEqual(['launch.md']);
    // The control: the same files in a folder that is no bundle are a second launch.
    cpSync(join(folder, 'proof/documents'), join(folder, 'copy'), { recursive: true });
    expect(readError(await run(['check', '--json'])).message).toContain('there are two launch documents');
  });
});

function canRun(account: { uid: number; gid: number }): boolean {
  try {
    const flags = [
      '-e',
      "require('node:fs').accessSync(process.argv[1])",
      join(import.meta.dirname, '../../src/main.ts'),
    ];
    execFileSync(process.execPath, flags, { ...account, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
