import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDebianPackages } from '../../../../tests/servers/install-debian-packages.ts';
import { startMariaDb } from '../../../../tests/servers/start-mariadb.ts';
import { toFloat } from '../../../core/dataset/canon/float.ts';
import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { mysqldumpKind } from './kind.ts';

const server = await startMariaDb();
const installed = await installDebianPackages({ packages: ['mariadb-client'], programs: ['mariadb-dump'] });
const missing = server.state === 'missing' ? server.reason : installed.state === 'missing' ? installed.reason : null;
if (missing !== null) process.stderr.write(`skipped: dumps of a real MariaDB: ${missing}\n`);

const structure = `create table odd (
  id bigint unsigned not null, \`a b\`\`c, (d)\` text character set utf8mb4, latin varchar(60) character set latin1, raw varbinary(200), picture blob,
  amount decimal(20,4), ratio double, small float, flag tinyint(1), bits bit(12), at timestamp(6) null, local_at datetime(3), day date, span time(2),
  pick enum('a','it''s','x)y,z'), many set('p','q'), note longtext comment 'it''s, (odd) -- or *\\/ not',
  doubled decimal(22,4) generated always as (amount * 2) virtual, primary key (id), key (latin)) default charset=utf8mb4`;
const columns =
  'id,`a b``c, (d)`,latin,raw,picture,amount,ratio,small,flag,bits,at,local_at,day,span,pick,many,note'.split(/,(?! )/);

/** Every character that a dump treats in a way of its own, in every neighbourhood. */
const nasty = fc.string({
  unit: fc.constantFrom(
    "'",
    '"',
    '\\',
    '\0',
    '\n',
    '\r',
    '\u{1a}',
    '\t',
    '\b',
    '%',
    '_',
    ',',
    '(',
    ')',
    ';',
    '`',
    'a',
    '0',
    'é',
    '€',
    '😀',
    '/*',
    '*/',
    '-- ',
    '#',
    'NULL',
    "\\'",
    'x',
  ),
  maxLength: 24,
});
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const row = fc.tuple(
  fc.option(nasty),
  fc.option(nasty.map((text) => text.replaceAll(/[^\x00-\xff]/g, '').slice(0, 60))),
  fc.option(bytes),
  fc.option(bytes),
  fc.option(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((value) => `${value}.0${Math.abs(value) % 1000}`)),
  fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 })),
  fc.option(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e10, max: 1e10 })),
  fc.option(fc.integer({ min: -128, max: 127 })),
  fc.option(fc.integer({ min: 0, max: 4095 })),
  fc.option(fc.constantFrom('2024-03-31 02:30:00.123456', '1970-01-02 00:00:00', '2037-12-31 23:59:59.999999')),
  fc.option(fc.constantFrom('0001-01-01 00:00:00', '9999-12-31 23:59:59.999', '0000-00-00 00:00:00')),
  fc.option(fc.constantFrom('2024-02-29', '0000-00-00', '1000-01-01')),
  fc.option(fc.constantFrom('-838:59:59', '00:00:00.25', '838:59:59')),
  fc.option(fc.constantFrom('a', "it's", 'x)y,z')),
  fc.option(fc.constantFrom('', 'p', 'p,q')),
  fc.option(nasty),
);

describe.skipIf(missing !== null)(
  `a dump of MariaDB against its own select${missing === null ? '' : ` (skipped: ${missing})`}`,
  { timeout: 180_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tminus-test-dump-'));
    let connection: mysql.Connection;
    let expected: CanonRow[];

    beforeAll(async () => {
      if (server.state === 'missing') return;
      const { host, port, user, password } = server;
      connection = await mysql.createConnection({ host, port, user, password, database: 'shop', charset: 'utf8mb4' });
      await connection.query("set time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
      await connection.query(structure);
      const rows = fc.sample(row, { numRuns: 1500, seed: 20_260 });
      const list = columns.join(',');
      for (const [index, values] of rows.entries())
        await connection.execute(`insert into odd (${list}) values (${columns.map(() => '?').join(',')})`, [
          String(index === 0 ? 18_446_744_073_709_551_615n : index),
          ...values.map((value) => (typeof value === 'number' ? String(value) : value)),
        ]);
      await connection.query('create table empty_one (id int primary key)');
      await connection.query('create view seen as select id from odd');
      await connection.query(
        'create trigger trap before insert on empty_one for each row begin set new.id = new.id + 1; end',
      );
      expected = await selectRows(connection);
    });
    afterAll(async () => {
      await connection?.end();
      if (server.state === 'started') await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each([
      ['as mysqldump writes by default', []],
      ['with --hex-blob', ['--hex-blob']],
      ['with a statement for each row and names of columns', ['--skip-extended-insert', '--complete-insert']],
      ['with REPLACE, without comments and locks', ['--replace', '--compact', '--skip-comments', '--tz-utc']],
      ['in the bytes of each column', ['--default-character-set=binary']],
      ['with triggers, routines and events', ['--triggers', '--routines', '--events', '--databases']],
      ['in the manner of ANSI', ['--compatible=ansi', '--default-character-set=utf8mb4']],
    ])('D05 a dump %s gives the rows that select gives', async (name, options) => {
      const file = dump(folder, name, options);
      expect(await readRows(folder, file)).toEqual(expected);
    });

    it('sees a single changed byte (negative control)', async () => {
      const file = dump(folder, 'control', []);
      const text = spawnSync('cat', [join(folder, file)]).stdout.toString('latin1');
      writeFileSync(
        join(folder, file),
        text.replace(/\((\d+),'[a-z]/, (found) => `${found.slice(0, -1)}Z`),
        'latin1',
      );
      expect(await readRows(folder, file)).not.toEqual(expected);
    });

    function dump(into: string, name: string, options: readonly string[]): string {
      if (server.state === 'missing' || installed.state === 'missing') throw new Error('no server');
      const file = `${name.replaceAll(/\W+/g, '-')}.sql`;
      const args = [
        '--no-defaults',
        '-h127.0.0.1',
        `-P${server.port}`,
        `-u${server.user}`,
        `-p${server.password}`,
        `--result-file=${join(into, file)}`,
        ...options,
        'shop',
      ];
      const run = spawnSync(installed.binaries[0]!, args, { encoding: 'utf8' });
      expect(run.stderr.replaceAll(/.*[Ww]arning.*\n/g, '')).toBe('');
      return file;
    }
  },
);

async function readRows(workspace: string, file: string): Promise<CanonRow[]> {
  const session = await mysqldumpKind.open(`file:${file}`, { zone: '+00:00' }, readOnlyContext(workspace));
  const names = columns.map((name) => name.replaceAll(/^`|`$/g, '').replaceAll('``', '`'));
  const shape = await session.describe('odd');
  expect(shape.key).toEqual(['id']);
  const wanted = names.map((name) => shape.columns.find((column) => column.name === name)!);
  const query = { table: 'odd', columns: wanted, key: ['id'], where: [], order: 'key' as const, after: null };
  const chunks: Uint8Array[] = [];
  for await (const chunk of session.stream(query)) chunks.push(chunk);
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1).map(parseCanonLine);
}

/** What the server says by its text protocol, made canonical by functions of SQL where they differ. */
async function selectRows(connection: mysql.Connection): Promise<CanonRow[]> {
  const shown = columns.map((name) => {
    if (name === 'raw' || name === 'picture') return `lower(hex(${name}))`;
    if (name === 'bits') return 'bits + 0';
    if (name === 'at') return `concat(replace(at, ' ', 'T'), 'Z')`;
    return name === 'local_at' ? `replace(local_at, ' ', 'T')` : name;
  });
  const [rows] = await connection.query({
    sql: `select ${shown.join(',')} from odd order by id`,
    rowsAsArray: true,
    typeCast: (field) => field.string(),
  });
  return (rows as (string | null)[][]).map((values) =>
    values.map((value, index) =>
      ['ratio', 'small'].includes(columns[index]!) && value !== null ? toFloat(value) : value,
    ),
  );
}
