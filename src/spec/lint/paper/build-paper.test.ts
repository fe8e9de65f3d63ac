import { existsSync, readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';

import { readDocument } from '../../document/read-document.ts';
import { buildPaper } from './build-paper.ts';

const samples = '../shared/samples/documents/';
const names = existsSync(samples) ? readdirSync(samples).filter((name) => /^\d/.test(name)) : [];

function linesOf(tree: Nodes, wanted: (node: Nodes) => boolean): number[] {
  const own = wanted(tree) ? [tree.position?.start.line ?? 0] : [];
  return 'children' in tree ? [...own, ...tree.children.flatMap((child) => linesOf(child, wanted))] : own;
}

function marks(text: string): { headings: number[]; boxes: number[]; fences: number[]; tables: number[] } {
  const paper = buildPaper('a.md', text);
  return {
    headings: paper.sections.slice(1).map((section) => section.line),
    boxes: paper.items.filter((item) => item.box !== null).map((item) => item.line),
    fences: paper.fences.map((fence) => fence.line),
    tables: paper.tables.map((table) => table.line),
  };
}

describe.skipIf(names.length === 0)(
  'against the CommonMark tree of real documents (skipped without ../shared/samples)',
  () => {
    it.each(names)('%s: the same headings, boxes, fences and tables', (name) => {
      const document = readDocument(name, readFileSync(`${samples}${name}`));
      const lines = document.text.split('\n');
      const { tree } = document;
      const fenced = (node: Nodes): boolean =>
        node.type === 'code' && /```|~~~/.test(lines[(node.position?.start.line ?? 1) - 1] ?? '');
      expect(marks(document.text)).toEqual({
        headings: linesOf(tree, (node) => node.type === 'heading'),
        boxes: linesOf(tree, (node) => node.type === 'listItem' && typeof node.checked === 'boolean'),
        fences: linesOf(tree, fenced),
        tables: linesOf(tree, (node) => node.type === 'table'),
      });
    });
  },
);

describe('what a reader sees', () => {
  it('a box in a comment, in a fence or in box art is not work', () => {
    expect(marks('# A\n\n<!--\n- [ ] a\n-->\n\n```\n- [ ] b\n│ □ c\n```\n\n- [ ] d <!-- - [ ] e -->\n').boxes).toEqual([
      12,
    ]);
  });

  it('boxes side by side are a choice', () => {
    const paper = buildPaper('a.md', '- [ ] GO  [ ] NO-GO\n- [ ] Backup\n');
    expect(paper.items.map((item) => item.choice)).toEqual([true, false]);
  });

  it('a fence at the margin does not end the list around it', () => {
    const paper = buildPaper('a.md', '1. a\n```sh\nmake\n```\n2. b\n');
    expect(paper.items.map((item) => item.number)).toEqual([1, 2]);
    expect(paper.fences[0]?.item?.text).toBe('a');
  });

  it('a text copy of a web page has headings, bullets and front matter without their marks', () => {
    const paper = buildPaper(
      'a.txt',
      'status done\ndepends\nalpha\nbeta\n\nPlan: Cutover\n\nValidation\n\n  • Restore drill ran\n  • Counts match\n',
    );
    expect(paper.plain).toBe(true);
    expect(paper.sections.map((section) => section.title)).toEqual(['', 'Plan: Cutover', 'Validation']);
    expect(paper.items.map((item) => item.text)).toEqual(['Restore drill ran', 'Counts match']);
    expect(paper.fields.map((field) => `${field.key}=${field.value}`)).toEqual(['status=done', 'depends=alpha, beta']);
  });

  it('columns point at the text behind the marks', () => {
    const paper = buildPaper('a.md', '> - [x] see [b](c.md)\n');
    expect(paper.items[0]?.column).toBe(9);
    expect(paper.links[0]).toEqual({ target: 'c.md', image: false, line: 1, column: 13 });
  });
});

it('no text makes it fail, and it keeps every line', () => {
  const piece = fc.constantFrom(
    '# a',
    '- [ ] b',
    '1. c',
    '```',
    '| d | e |',
    '|---|---|',
    '> f',
    '<!--',
    '-->',
    '---',
    '',
    '   g',
    '\t- h',
    '**i:** j',
    '[k](l',
    '\u0000',
    'status done',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const text = pieces.join('\n');
      expect(buildPaper('a.md', text).lines.length).toBe(text.split('\n').length);
    }),
  );
});
