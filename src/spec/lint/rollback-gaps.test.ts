import { describe, expect, it } from 'vitest';

import { checkReaders } from '../../kinds/checks/readers.ts';
import { stepReaders } from '../../kinds/steps/readers.ts';
import { lintDocuments } from './lint-documents.ts';
import { returnRules } from './return-gaps.ts';
import { rollbackRules } from './rollback-gaps.ts';

const codes = new Set([...rollbackRules, ...returnRules].map(({ code }) => code));

const publicKey = `ed25519:${Buffer.alloc(32).toString('base64')}`;

/** Codes about ways back, in a launch with this body. */
function lint(body: string): string[] {
  const text = `---\ntminus: launch\nid: shop\nroles: { lead: [ann] }\npeople: { ann: Ann, bot: { name: Bot, automation: true, key: "${publicKey}" }, eve: { name: Eve, key: "${publicKey}" } }\ndatastores: { a: { kind: csv, url: "file:a/" }, b: { url: "sqlite:b.db" } }\n---\n# Shop\n\n${body}`;
  const { documents } = lintDocuments([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], {
    exists: () => false,
    readers: { checks: checkReaders, steps: stepReaders },
  });
  return documents
    .flatMap(({ findings }) => findings)
    .flatMap(({ code, severity }) => (codes.has(code) || severity === 'blocking' ? [`${code} ${severity}`] : []));
}

const off = (braces = ''): string => `1. Off {#off${braces}}\n\n   \`\`\`sh timeout=2s\n   touch off\n   \`\`\`\n\n`;
const seen = `2. Seen {#seen}\n\n   \`\`\`sh class=fast_read timeout=2s\n   test -e off\n   \`\`\`\n`;
const back = (terms: string, steps: string): string =>
  `## Rollback {#back}\n\n\`\`\`yaml rollback\n${terms}\n\`\`\`\n\n${steps}`;
describe('ways back that a launch declares', () => {
  it('O28 one that ends with a look, in its limit, has no gap', () => {
    expect(lint(back('kind: immediate', off() + seen))).toEqual([]);
  });

  it.each([
    ['no kind', back('within: 5m', off() + seen), ['key_missing blocking']],
    ['no look at its end', back('kind: immediate', off()), ['rollback-unverified blocking']],
    ['a step that stays', back('kind: immediate', off(' reversible=no') + seen), ['rollback-irreversible blocking']],
    ['steps longer than it', back('kind: immediate\nwithin: 3s', off() + seen), ['rollback-too-long warning']],
    ['no traffic lowered', back('kind: graceful', off() + seen), ['rollback-keeps-traffic blocking']],
    ['no ledger', back('kind: recovery', off() + seen), ['rollback-uncounted blocking']],
    [
      'a ledger that shows no number',
      back('kind: recovery\nledger: seen', off() + seen),
      ['rollback-uncounted blocking'],
    ],
    [
      'a ledger that shows no number, in another kind',
      back('kind: immediate\nledger: seen', off() + seen),
      ['rollback-uncounted blocking'],
    ],
    [
      'an observer whom nobody knows',
      back('kind: immediate\nobserver: nobody', off() + seen),
      ['reference_unknown blocking'],
    ],
    [
      'observers without a key',
      back('kind: immediate\nobserver: lead', off() + seen),
      ['rollback-unobservable blocking'],
    ],
    [
      'nothing but an automation to watch',
      back('kind: immediate\nobserver: bot', off() + seen),
      ['rollback-unobservable blocking'],
    ],
    ['no heading above', '```yaml rollback\nkind: immediate\n```\n', ['fence_ownerless blocking']],
  ])('O28 with %s it is told', (_, body, found) => {
    expect(lint(body)).toEqual(found);
  });

  it('T31 an observer who is human and has a key, named as a person or by name, leaves no gap; a check names none itself', () => {
    for (const name of ['eve', 'Eve'])
      expect(lint(back(`kind: immediate\nobserver: ${name}`, off() + seen))).toEqual([]);
    const gate =
      '## Gate: go {#go fresh=1d}\n\n- [ ] Drilled {#drilled owner=ann}\n\n  ```yaml check\n  kind: drill\n  procedure: back\n  observer: { asked: eve, people: [] }\n  ```\n\n';
    expect(lint(gate + back('kind: immediate', off() + seen))).toContain('check_invalid blocking');
  });

  it('O30 with a ledger that counts a data recovery has no gap', () => {
    const count = `2. Count {#count}\n\n   \`\`\`yaml step timeout=2s\n   kind: check\n   check: { kind: sql, url: "sqlite:b.db", query: "select count(*) as value from orders", expect: [value exists] }\n   \`\`\`\n`;
    expect(lint(back('kind: recovery\nledger: count', off() + count))).toEqual([]);
  });

  const keep = (key: string): string =>
    `3. Keep {#keep needs=off}\n\n   \`\`\`yaml step\n   kind: export\n   datasets: [orders]\n   file: kept.tar.gz\n   ${key}\n   \`\`\`\n\n`;
  const orders = (partial: string): string =>
    `\n## Data\n\n- Orders {#orders}\n\n  \`\`\`yaml dataset\n  source: { on: a, table: orders }\n  target: { on: b, table: orders }\n  key: id\n  ${partial}\n  \`\`\`\n`;
  const dated = orders('partial: { by: created_at }');
  const after = 'kind: immediate\nafterReturn: same';
  const since = keep('since: switch');
  const last = seen.replace('2.', '4.');
  it.each([
    ['keeps what users wrote', back(after, off() + since + last) + dated, []],
    ['says why it keeps nothing', back(`${after}\nunkept: nobody writes there`, off() + seen), []],
    ['keeps nothing', back(after, off() + seen), ['return-unkept warning']],
    [
      'exports everything, without a window',
      back(after, off() + keep('side: target') + last) + dated,
      ['return-unkept warning'],
    ],
    ['is not run there', back('kind: immediate', off() + seen), []],
    [
      'exports a window of a dataset without dates',
      back(after, off() + since + last) + orders(''),
      ['export-undated blocking'],
    ],
    ['dates it by nothing', back(after, off() + since + last) + orders('partial: {}'), ['key_missing blocking']],
    [
      'dates it by a local time',
      back(after, off() + since + last) + orders('partial: { by: at, zone: Europe/Berlin }'),
      ['value_invalid blocking'],
    ],
  ])('C17 behind the point of no return a way back that %s', (_, body, found) => {
    expect(lint(body)).toEqual(found);
  });

  it('F05 a surface of high risk wants a drill, and no other check will do', () => {
    const surface = (undo: string, kind: string): string =>
      `## Gate: go {#go phase=T+0 fresh=1d}\n\n- [ ] Undone {#undone}\n\n  \`\`\`yaml check\n${kind}  \`\`\`\n\n## Runbook\n\n### T+0 Go\n\n1. [HUMAN] Say so {#say role=lead}\n\n## Scope\n\n| Surface | Class | State | High risk | Undo |\n|---|---|---|---|---|\n| Billing | critical | closed | yes | ${undo} |\n`;
    const drill = '  kind: drill\n  procedure: back\n';
    const declared = `\n${back('kind: switch\nwithin: 5s', off() + seen)}`;
    expect(lint(surface('undone', drill) + declared)).toEqual([]);
    const page = '  kind: http\n  url: "http://127.0.0.1:9/"\n';
    expect(lint(surface('undone', page) + declared)).toEqual(['surface-without-drill blocking']);
  });
});
