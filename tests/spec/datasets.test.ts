import { describe, expect, it } from 'vitest';

import { planChecks } from '../../src/core/check/plan-checks.ts';
import type { Launch } from '../../src/core/launch/launch.ts';
import { productionHosts } from '../../src/core/procedure/rehearsal-faults.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { kiosk } from './kiosk.ts';
import { launchWith, problemLines, readTexts } from './problem-lines.ts';

function launchOf(text: string): Launch {
  const result = readTexts({ 'launch.md': text });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

const problems = (text: string): string[] =>
  problemLines(readTexts({ 'launch.md': text })).map((line) => line.replace(/^launch\.md:/, ''));

const front =
  'secrets: { db: { env: DB } }\ndatastores: { old: { url: "sqlite:old.db" }, shop: { url: "postgres://a@h/d" } }\n';
const dataset = (lines: string, head = 'source: { on: old, table: t }\n'): string =>
  launchWith({ front, body: `## Data\n\n\`\`\`yaml dataset\nid: orders\n${head}${lines}\`\`\`\n` });

describe('datastores and datasets of a launch', () => {
  const launch = launchOf(kiosk);

  it('D30 reads where data lives, by environment, with the name of the secret and never a value', () => {
    expect(launch.datastores).toMatchObject([
      { id: 'old', kind: 'sqlite', url: { '*': 'sqlite:old.db' }, password: null, options: { zone: 'UTC' } },
      {
        id: 'till',
        kind: 'postgres',
        url: { production: 'postgres://till@db.kiosk.example/till' },
        password: 'dns/key',
      },
    ]);
  });

  it('D31 reads what moves, where to, by which key, and what becomes of each column', () => {
    expect(launch.datasets).toMatchObject([
      {
        id: 'sales',
        source: { on: 'old', table: 'sales' },
        target: { on: 'till', table: 'sales' },
        key: ['shop', 'id'],
        map: [
          { to: 'id', from: 'id', value: null, steps: [] },
          { to: 'shop', from: 'shop' },
          {
            to: 'total_cents',
            from: 'total',
            steps: [
              { does: 'multiply', arguments: ['100'] },
              { does: 'null-if', arguments: [''] },
            ],
            as: 'integer',
          },
          { to: 'channel', from: null, value: 'old till' },
        ],
        omit: [{ column: 'note', reason: 'stays in the archive' }],
        skip: [
          { reason: 'test-sale', when: [{ column: 'cashier', operator: 'matches', values: ['^test'] }] },
          {
            reason: 'voided',
            when: [
              { column: 'state', operator: 'in', values: ['void', 'none'] },
              { column: 'paid_at', operator: 'missing', values: [] },
            ],
          },
        ],
        targetWhere: [{ column: 'channel', operator: '==', values: ['old till'] }],
        tolerances: [
          { column: 'weight', kind: 'ulp', amount: '1' },
          { column: 'name', kind: 'trim', amount: null },
          { column: 'name', kind: 'case', amount: null },
        ],
        personal: [{ column: 'customer', category: 'name' }],
        redact: ['customer'],
        residency: 'eu',
        retentionMs: 7 * 365 * 86_400_000,
        rules: [{ id: 'one-till', kind: 'unique', body: { unique: ['shop', 'id'] } }],
        fixes: [
          { id: 'spaces', repairs: 'space', does: 'copy', column: 'name', value: null, safe: true, notice: null },
        ],
        fixPolicy: '1',
      },
    ]);
  });

  it('D05 reads what an approval of an import rests on, and when an import slows down', () => {
    expect(launch.imports).toMatchObject([
      {
        dataset: 'sales',
        export: 'api-health',
        restore: 'sales',
        rollback: 'rollback',
        backup: 's3://tills/today',
        changed: 'changed_at',
        delta: { column: 'sold_at', overlapMs: 1_800_000 },
        throttle: { on: 'till', ask: 'select 0', aboveMs: 5000 },
      },
    ]);
  });

  it('C02 a launch without data has the plan hash that it had before there were datasets', () => {
    const read = readTexts({ 'launch.md': launchWith({}) });
    expect(read.ok && read.planHash).toBe('8f5fb0b200a94376d6378aff36cb0eb4204e8d04bdfa276e7797572e046228e2');
  });

  it('D31 a fix is safe only where the document says so', () => {
    const read = launchOf(dataset('fixes: { a: { repairs: orphan, does: delete } }\n'));
    expect(read.datasets[0]?.fixes[0]).toMatchObject({ does: 'delete', safe: false });
  });
});

const cases: [string, string, string[]][] = [
  [
    'D30 a password in a url, without repeating it',
    launchWith({ front: 'datastores: { shop: { url: "postgres://app:hunter2@h/d" } }\n' }),
    [
      '5:28 secret_literal: the url of datastore shop holds a password - expected a url without a password, and password: with the name of a secret, got a value that may be the password itself; take it out of the document, change it, and write password: NAME of an entry of secrets',
    ],
  ],
  [
    'D30 a token in a url',
    launchWith({ front: 'datastores: { api: { url: "https://h/orders?access_token=abc" } }\n' }),
    [
      '5:27 secret_literal: the url of datastore api holds a password - expected a url without a password, and password: with the name of a secret, got a value that may be the password itself; take it out of the document, change it, and write password: NAME of an entry of secrets',
    ],
  ],
  [
    'D30 a secret, an environment and a kind that do not exist',
    launchWith({ front: 'datastores: { shop: { url: { prod: "x://h/d" }, kind: postgress, password: dbb } }\n' }),
    [
      '5:30 reference_unknown: url of datastore shop names a environment that does not exist - expected a environment; none is declared, got prod; declare the environment, or correct the name',
      '5:55 value_invalid: datastore shop has an unknown kind - expected postgres, mysql, sqlite, csv, json, parquet, http, mysqldump, trello, got postgress; did you mean postgres?',
      '5:76 reference_unknown: password of datastore shop names a secret that does not exist - expected a secret; none is declared, got dbb; declare the secret, or correct the name',
    ],
  ],
  [
    'D30 a key that is nearly one of ours',
    launchWith({ front: 'datastores: { shop: { url: "sqlite:a.db", pasword: db } }\n' }),
    [
      '5:43 key_unknown: datastore shop has no key pasword - expected kind, url, password, and what its kind reads, got pasword; did you mean password?',
    ],
  ],
  [
    'D30 a folder whose kind nobody said',
    launchWith({ front: 'datastores: { files: { url: "file:exports/" } }\n' }),
    [
      '5:29 key_missing: the kind of datastore files does not follow from its url - expected kind: with one of postgres, mysql, sqlite, csv, json, parquet, http, mysqldump, trello, got a url that leaves it open; add kind: beside url',
    ],
  ],
  [
    'D30 a datastore without a url, or with a name no template can hold',
    launchWith({
      front: 'datastores: { shop: { password: db }, a.b: { url: "sqlite:a.db" } }\nsecrets: { db: { env: DB } }\n',
    }),
    [
      '5:21 key_missing: datastore shop has no url - expected url: with a text, or one for each environment, got none; write url: "postgres://user@host/database", or url: { production: "...", staging: "..." }',
      '5:39 id_invalid: the id of a datastore cannot be used - expected a letter, then letters, digits, - and _, got a.b; choose another id: it stands in templates such as {{ datastore.shop.url }}',
    ],
  ],
  [
    'D31 a datastore that does not exist',
    dataset('target: { on: shopp, table: t }\n'),
    [
      '20:15 reference_unknown: target of dataset orders names a datastore that does not exist - expected one of old, shop, got shopp; did you mean shop?',
    ],
  ],
  [
    'D31 no source',
    dataset('key: id\n', ''),
    [
      '17:1 key_missing: dataset orders has no source - expected source: { on: DATASTORE, table: TABLE }, got none; say which datastore and table the records come from',
    ],
  ],
  [
    'D31 a word that means nothing',
    dataset('kee: id\n'),
    [
      '20:1 key_unknown: dataset orders has no key kee - expected id, title, source, target, key, map, omit, skip, where, partial, tolerance, personal, redact, residency, retention, rules, fixes, fixPolicy, import, got kee; did you mean key?',
    ],
  ],
  [
    'D31 a column of the key named twice',
    dataset('key: [id, shop, id]\n'),
    [
      '20:17 value_invalid: key of dataset orders names a column twice - expected every column once, got id; remove one of the two',
    ],
  ],
  [
    'D31 a column of the target named twice',
    dataset('map:\n  id: id\n  id: other\n'),
    [
      '22:3 key_duplicate: a key stands twice in one mapping - expected every key once, got the same key again; remove one of the two',
    ],
  ],
  [
    'D31 a column that is both carried over and left behind',
    dataset('map: { a: b }\nomit: { b: no }\n'),
    [
      '21:9 value_invalid: dataset orders both carries column b over and leaves it behind - expected the column in map or in omit, got both; remove one of the two',
    ],
  ],
  [
    'D31 a step that does not exist, or that lacks what it needs',
    dataset('map: { a: { from: b, do: [trimm, multiply, { zone: Berlin }, { trim: x }] } }\n'),
    [
      '20:27 value_invalid: column a of dataset orders has an unknown step - expected trim, lower, upper, nfc, null-if, default, multiply, translate, boolean, zone, scale, mojibake, token, got trimm; did you mean trim?',
      '20:34 value_invalid: step multiply of column a of dataset orders cannot be read - expected a text, got nothing; write { multiply: ... }',
      '20:52 value_invalid: step zone of column a of dataset orders cannot be read - expected a name of the IANA time zone database, got Berlin; write { zone: ... }',
      '20:70 value_invalid: step trim of column a of dataset orders cannot be read - expected nothing behind it, got x; write trim alone',
    ],
  ],
  [
    'D31 a column from nowhere, and of two',
    dataset('map: { a: { as: text }, b: { from: c, value: d } }\n'),
    [
      '20:8 value_invalid: column a of dataset orders has no source - expected either from: COLUMN or value: TEXT, got neither; write { from: COLUMN } or { value: TEXT }',
      '20:25 value_invalid: column b of dataset orders has two sources - expected either from: COLUMN or value: TEXT, got both; write { from: COLUMN } or { value: TEXT }',
    ],
  ],
  [
    'D31 a condition that cannot be read',
    dataset('skip: { a: "channel fax", b: "email matches (", c: "n == 1, 2", d: [] }\n'),
    [
      '20:12 value_invalid: skip a of dataset orders cannot be read - expected ==, !=, <, <=, >, >=, in, matches, missing or exists behind the column, got channel fax; write channel == fax',
      '20:30 value_invalid: skip b of dataset orders cannot be read - expected a pattern in the syntax of RE2, got email matches (; look-around and back-references have no linear-time form',
      '20:52 value_invalid: skip c of dataset orders cannot be read - expected one value behind ==, got n == 1, 2; use in for several, or put the value in quotes',
      '20:68 value_invalid: skip d of dataset orders cannot be read - expected at least one condition, got a list; write at least one condition',
    ],
  ],
  [
    'D31 a category, a retention and a tolerance that mean nothing',
    dataset('personal: { mail: emial }\nretention: forever\ntolerance: { a: { ulp: few } }\n'),
    [
      '20:19 value_invalid: the category of column mail of dataset orders is unknown - expected name, email, phone, address, birth, account, free-text, other, got emial; did you mean email?',
      '21:12 value_invalid: retention of dataset orders cannot be read - expected a duration such as 90d, 12w or 7y, got forever; write how long the data may be kept; a year counts 365 days',
      '22:17 value_invalid: tolerance of column a of dataset orders cannot be read - expected trim, case, nfc, newline, or one of ulp, absolute, relative with a number, such as { ulp: 1 }, got a mapping; write trim, case, nfc, newline, or one of ulp, absolute, relative with a number, such as { ulp: 1 }',
    ],
  ],
  [
    'D31 a rule and a fix of no kind',
    dataset('rules: { a: { orphan: x } }\nfixes: { b: { repairs: space, does: wipe }, c: { does: copy } }\n'),
    [
      '20:10 value_invalid: rule a of dataset orders is of no kind - expected one of orphans, unique, implies, accepted, sum, sequence, count, at-most, got orphan; did you mean orphans?',
      '21:37 value_invalid: fix b of dataset orders does not say what it does - expected copy, insert, set, token, clear, delete, got wipe; known are copy, insert, set, token, clear, delete',
      '21:56 key_missing: fix c of dataset orders does not say what it repairs - expected repairs: with a class of difference or a rule, got none; add repairs:',
    ],
  ],
];

describe('problems of datastores and datasets', () => {
  it.each(cases)('%s', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('D30 never repeats the password that it found', () => {
    expect(problems(cases[0]![1]).join('\n')).not.toContain('hunter2');
  });
});

const stores =
  'environments: { production: { url: "https://a.example" }, staging: { production: no } }\nenvironment: staging\n' +
  'secrets: { db: { env: SHOP_DB }, vaulted: { vault: kv/shop, key: password } }\n' +
  'datastores:\n  shop: { url: { production: "postgres://app@db.example/shop", staging: "postgres://app@127.0.0.1/shop" }, password: db }\n' +
  '  files: { url: "sqlite:a.db" }\n  kept: { url: "postgres://app@k/shop", password: vaulted }\n';
const asked = (on: string): string =>
  launchWith({ front: stores, gate: `- [ ] Orders {#orders}\n\n  \`\`\`sql ${on}\n  select 1 as holds\n  \`\`\`` });

describe('sql on a datastore', () => {
  it('D31 a check stands for the url of the environment that is aimed at, and evidence is bound to it', () => {
    const launch = launchOf(asked('on=shop'));
    const spec = launch.gates[0]?.criteria[0]?.check?.spec ?? {};
    expect(spec).toMatchObject({ url: '{{ datastore.shop.url }}', passwordEnv: 'SHOP_DB' });
    expect(spec).not.toHaveProperty('on');
    const urlIn = (environment: string): unknown => {
      const candidate = { commit: 'c', version: null, url: null, environment, extra: {} };
      const [planned] = planChecks({ launch, planHash: 'p', candidate, candidateSha256: 's', entries: [], now: 0 });
      return planned?.asked?.spec['url'];
    };
    expect(urlIn('staging')).toBe('postgres://app@127.0.0.1/shop');
    expect(urlIn('production')).toBe('postgres://app@db.example/shop');
    expect(urlIn('elsewhere')).toBeUndefined();
  });

  it('D31 a step stands for url and secret of the datastore', () => {
    const body =
      '## Runbook\n\n1. Clean {#clean}\n\n   ```sql on=kept\n   delete from t where false\n   ```\n\n1. More {#more}\n\n   ```yaml step\n   kind: sql\n   on: files\n   statements: [delete from t]\n   ```\n';
    const readers = { checks: checkReaders, steps: stepReaders };
    const bytes = new TextEncoder().encode(launchWith({ front: stores, body }));
    const read = readLaunch([{ path: 'launch.md', bytes }], readers);
    expect(problemLines(read)).toEqual([]);
    const [clean, more] = read.ok ? (read.launch.procedures[0]?.steps ?? []) : [];
    expect(clean?.action?.attributes).toEqual({ url: '{{ datastore.kept.url }}', password: '{{ secret "vaulted" }}' });
    expect(more?.action?.spec).toMatchObject({ url: '{{ datastore.files.url }}', password: null });
  });

  it.each([
    ['on=shpo', ['20:10 reference_unknown']],
    ['on=shop url=sqlite:a.db', ['20:33 check_invalid']],
    ['on=kept', ['20:10 value_invalid']],
  ])('D31 %s is a problem', (on, expected) => {
    expect(problems(asked(on)).map((line) => line.split(':').slice(0, 2).join(':'))).toEqual(expected);
  });

  it('C07 the host of a datastore of production must not be touched by a rehearsal, unless another environment has it, too', () => {
    expect(productionHosts(launchOf(asked('on=shop')))).toEqual(['a.example', 'db.example']);
  });
});
