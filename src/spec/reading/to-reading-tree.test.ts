import { describe, expect, it } from 'vitest';

import { readDocument } from '../document/read-document.ts';
import { toLinkTarget } from './link-target.ts';
import type { ReadingNode } from './reading-node.ts';
import { toReadingTree } from './to-reading-tree.ts';

const read = (text: string): ReadingNode => toReadingTree(readDocument('docs/plan.md', Buffer.from(text)));
const flat = (node: ReadingNode): ReadingNode[] => [node, ...(node.children ?? []).flatMap(flat)];

describe('where links of documents lead', () => {
  it.each([
    ['https://shop.example/a?b=1#c', { kind: 'external', value: 'https://shop.example/a?b=1#c', fragment: '' }],
    ['mailto:ops@shop.example', { kind: 'external', value: 'mailto:ops@shop.example', fragment: '' }],
    ['sop/orders.md#steps', { kind: 'document', value: 'docs/sop/orders.md', fragment: 'steps' }],
    ['../launch.md', { kind: 'document', value: 'launch.md', fragment: '' }],
    ['images/a%20b.png', { kind: 'file', value: 'docs/images/a b.png', fragment: '' }],
    ['#ready', { kind: 'anchor', value: '', fragment: 'ready' }],
  ])('T19 %s', (url, target) => {
    expect(toLinkTarget(url, 'docs/plan.md')).toEqual(target);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://x/y',
    '//evil.example/x.png',
    '\\\\evil.example\\x',
    '/\\evil.example',
    'https://shop.example@evil.example/',
    'https:\\\\evil.example',
    '../../etc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    '.git/config',
    '../.git/config',
    'a/.keys/alice.pem',
    '%00.md',
    '%E0%A4%A',
    '',
  ])('A20 (negative control) %j leads nowhere', (url) => {
    expect(toLinkTarget(url, 'docs/plan.md')).toBeNull();
  });
});

describe('a document as people read it', () => {
  it('D10 keeps structure, lines on disk, ticks and what is said to us', () => {
    const tree = read(
      '---\ntminus: launch\n---\n\n# Plan {#plan}\n\n- [x] The **shop** answers {#health owner=dave}\n',
    );
    expect(tree.children?.map(({ type, line }) => [type, line])).toEqual([
      ['front', 1],
      ['heading', 5],
      ['list', 7],
    ]);
    expect(tree.children?.[1]).toMatchObject({ level: 1, anchor: 'plan' });
    const words = flat(tree.children![2]!).filter(({ text }) => text !== undefined);
    expect(words.map(({ type, text }) => [type, text])).toEqual([
      ['text', 'The '],
      ['text', 'shop'],
      ['text', ' answers'],
      ['attributes', '{#health owner=dave}'],
    ]);
    expect(flat(tree).find(({ type }) => type === 'item')).toMatchObject({ checked: true, line: 7 });
  });

  it('A19 shows HTML as text, drops comments, and lets bad links be their words', () => {
    const tree = read(
      'a <img src=x onerror=alert(1)> b\n\n<!-- hidden -->\n\n<script>alert(1)</script>\n\n[go](javascript:alert(1)) ![alt](//evil/x.png) [ref]\n\n[ref]: data:text/html,x\n',
    );
    const all = flat(tree);
    expect(all.filter(({ type }) => type === 'markup').map(({ text }) => text)).toEqual([
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script>',
    ]);
    expect(all.filter(({ to }) => to !== undefined)).toEqual([]);
    const last = flat(tree.children!.at(-1)!).map(({ text }) => text ?? '');
    expect(last.join('')).toBe('go alt ref');
  });

  it('resolves references, and refuses nothing that is harmless', () => {
    const tree = read('![flow][pic]\n\n[pic]: images/flow.svg\n');
    expect(flat(tree).find(({ type }) => type === 'image')).toMatchObject({
      text: 'flow',
      to: { kind: 'file', value: 'docs/images/flow.svg' },
    });
  });
});
