import { describe, expect, it } from 'vitest';

import { parseResult } from './parse-result.ts';
import { hasPassword, readConnection } from './read-connection.ts';
import { sqlReader } from './reader.ts';
import { findStatementFault } from './scan-statement.ts';
import { resultName, toResultBytes } from './sql-result.ts';
import type { Cell } from './sql-result.ts';

describe('findStatementFault', () => {
  it.each([
    'select 1',
    'SELECT 1;',
    '  -- why\n(select 1) ; -- done',
    'select \';\' as "a;b" from `c;d`',
    'select $x$ ; drop table a $x$',
    'with a as (select 1) select * from a',
    'show tables',
    "select 'it''s; fine' /* ; */",
    'explain select 1',
  ])('takes %s', (query) => expect(findStatementFault(query)).toBeNull());

  it.each([
    ['', 0],
    ['-- nothing', 0],
    ['delete from orders', 0],
    ['select 1; drop table orders', 8],
    ["select 1;\nselect 'x'", 8],
    ['/* x */ update a set b = 1', 8],
    ['select 1 /*! into outfile "/tmp/x" */', 9],
    ['select 1 /*M!100100 + 1 */', 9],
    ["select 1--1 into outfile '/tmp/x'", 17],
    ['begin', 0],
    ['set session transaction read write', 0],
    ['selecting', 0],
  ])('refuses %j at %i', (query, offset) => expect(findStatementFault(query)?.offset).toBe(offset));
});

describe('readConnection', () => {
  it.each([
    ['postgres://shop@db.example/shop', { engine: 'postgres', host: 'db.example', port: 5432, tls: 'verify-full' }],
    ['postgresql://shop@db.example:6432/shop?sslmode=disable', { port: 6432, tls: 'disable' }],
    ['mysql://a%40b@127.0.0.1/shop', { engine: 'mysql', user: 'a@b', port: 3306, tls: 'disable' }],
    ['mariadb://shop@[::1]/shop', { engine: 'mysql', host: '::1', tls: 'disable' }],
    ['sqlite:data/shop.db', { engine: 'sqlite', path: 'data/shop.db' }],
    ['sqlite:///srv/shop.db', { engine: 'sqlite', path: '/srv/shop.db' }],
  ])('reads %s', (url, wanted) => {
    const read = readConnection(url);
    expect(read.ok && read.connection).toMatchObject(wanted);
  });

  it.each([
    'shop',
    'http://a@b/c',
    'postgres://db.example/shop',
    'postgres://a@b',
    'sqlite:',
    'sqlite::memory:',
    'mysql://a@b/c?sslmode=prefer',
    'mysql://a@b/c?x=1',
  ])('refuses %s', (url) => expect(readConnection(url).ok).toBe(false));

  it.each(['postgres://a:b@c/d', 'mysql://{{ candidate.user }}:x@h/d', 'postgres://a@b/c?password=x'])(
    'refuses a password in %s with the way to give it, and never repeats it',
    (url) => {
      expect(hasPassword(url)).toBe(true);
      const read = sqlReader.readSpec({ url, query: 'select 1' });
      expect(read.ok ? [] : read.faults).toMatchObject([
        { path: ['url'], got: 'a password', hint: expect.stringContaining('passwordEnv') },
      ]);
    },
  );
});

describe('sqlReader', () => {
  it('reads a fence: attributes, expectations and the query', () => {
    const text =
      '-- expect value == 0\nselect count(*)\nfrom orders -- expect is no word here\n  -- expect rowCount == 1';
    expect(sqlReader.readFence({ language: 'sql', attributes: { url: 'sqlite:a.db', maxRows: '5' }, text })).toEqual({
      ok: true,
      spec: {
        url: 'sqlite:a.db',
        query: 'select count(*)\nfrom orders -- expect is no word here',
        timeout: 10_000,
        maxRows: 5,
      },
      expectations: [
        { text: 'value == 0', line: 0 },
        { text: 'rowCount == 1', line: 3 },
      ],
    });
  });

  it.each<[{ [key: string]: string }, string, string]>([
    [{ url: 'sqlite:a.db' }, 'drop table a', 'one of select'],
    [{ uri: 'sqlite:a.db' }, 'select 1', 'one of url'],
    [{}, 'select 1', 'url'],
    [{ url: 'sqlite:a.db', maxRows: 'many' }, 'select 1', 'number'],
    [{ url: 'sqlite:a.db', timeout: '10 parsecs' }, 'select 1', 'duration'],
  ])('refuses the fence %j with %s', (attributes, text, expected) => {
    const read = sqlReader.readFence({
      language: 'sql',
      attributes,
      text,
    });
    expect(read.ok ? [] : read.faults.map((fault) => fault.expected)).toEqual(
      expect.arrayContaining([expect.stringContaining(expected)]),
    );
  });

  it.each([
    [{ on: 'target' }, 'the url of the database'],
    [{ on: 'target', url: 'sqlite:shop.db' }, 'either on or url'],
  ])('D31 a datastore that nothing looked up is refused: %j', (keys, expected) => {
    expect(sqlReader.readSpec({ ...keys, query: 'select 1' })).toMatchObject({
      ok: false,
      faults: [{ path: ['on'], expected, got: 'on target' }],
    });
  });

  it('takes templates in a url', () => {
    expect(sqlReader.readSpec({ url: 'postgres://shop@{{ candidate.db }}/shop', query: 'select 1' }).ok).toBe(true);
  });
});

function readAnswer(columns: string[], rows: Cell[][]): unknown {
  const bytes = toResultBytes({ format: 'tminus/sql-result/1', engine: 'postgres', columns, rows });
  const reading = parseResult({ maxRows: 3 }, [{ name: resultName, mediaType: 'application/json', bytes }]);
  return reading.state === 'readable' ? reading.facts : reading.trouble.code;
}

describe('parseResult', () => {
  it.each<[Cell, unknown]>([
    [null, null],
    [['bool', 't'], true],
    [['bool', 'f'], false],
    [['int', '-0'], 0],
    [['int', '9007199254740991'], 9_007_199_254_740_991],
    [['int', '9007199254740992'], '9007199254740992'],
    [['decimal', '0.10'], 0.1],
    [['decimal', '100'], 100],
    [['decimal', '5.00'], 5],
    [['decimal', '0.10000000000000000001'], '0.10000000000000000001'],
    [['decimal', 'NaN'], 'NaN'],
    [['float', '1e+30'], 1e30],
    [['float', 'Infinity'], 'Infinity'],
    [['text', '1'], '1'],
    [['bytes', '\\x00'], '\\x00'],
  ])('reads %j as %j', (cell, value) => expect(readAnswer(['a'], [[cell]])).toMatchObject({ value }));

  it('holds only for the one true cell of an answer', () => {
    const yes: Cell = ['bool', 't'];
    expect(readAnswer(['a'], [[yes]])).toMatchObject({ holds: true });
    expect(readAnswer(['a'], [[['int', '1']]])).toMatchObject({ holds: true });
    for (const [columns, rows] of [
      [['a'], []],
      [['a'], [[yes], [yes]]],
      [['a', 'b'], [[yes, yes]]],
      [['a'], [[null]]],
      [['a'], [[['text', 't']]]],
    ] as [string[], Cell[][]][]) {
      expect(readAnswer(columns, rows)).toMatchObject({ holds: false });
    }
  });

  it('refuses two columns of one name, __proto__, and more rows than allowed', () => {
    expect(readAnswer(['a', 'a'], [[null, null]])).toBe('columns');
    expect(readAnswer(['__proto__'], [[null]])).toBe('columns');
    expect(readAnswer(['a'], [[null], [null], [null], [null]])).toBe('too_large');
  });
});
