import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';
import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';

import { parseMarkdown, parseWhole } from './parse-markdown.ts';
import { readDocument } from './read-document.ts';

const seeds = '../shared/seeds';
const samples = '../shared/samples/documents';
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string | Uint8Array) => readDocument('plan.md', typeof text === 'string' ? bytesOf(text) : text);
const codes = (text: string | Uint8Array) =>
  read(text).findings.map(({ code, at }) => `${code} ${at.line}:${at.column}`);

function misread(text: string, encoding: 'windows-1252' | 'windows-1254', lost: readonly number[] = []): string {
  return new TextDecoder(encoding).decode(bytesOf(text).filter((byte) => !lost.includes(byte)));
}

function headingAt(text: string): Nodes {
  const found = read(text).tree.children.find((node) => node.type === 'heading');
  if (found === undefined) throw new Error('no heading');
  return found;
}

describe('readDocument', () => {
  it('D01 knows path, digest, front matter and the places of a plain document', () => {
    const document = read('---\nid: a\n---\n\n# Title\n\ntext\n');
    expect(document.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(document.frontMatter).toEqual({ text: 'id: a', offset: 4, line: 2 });
    expect(document.place(headingAt('---\nid: a\n---\n\n# Title\n'))).toEqual({ file: 'plan.md', line: 5, column: 1 });
    expect(document.findings).toEqual([]);
  });

  it('A17 reads BOM and CRLF as what they are and keeps every place', () => {
    const document = read('\uFEFF---\r\nid: a\r\n---\r\n\r\n# Title\r\n');
    expect(document.frontMatter?.text).toBe('id: a');
    expect(document.text).not.toContain('\r');
    expect(document.findings.map(({ code, weight }) => [code, weight])).toEqual([
      ['byte-order-mark', 'harmless'],
      ['carriage-return', 'harmless'],
    ]);
    expect(document.place(document.text.indexOf('Title'))).toEqual({ file: 'plan.md', line: 5, column: 3 });
  });

  it('A17 names the byte and the place of invalid UTF-8 and reads the rest', () => {
    const bytes = Uint8Array.from([...bytesOf('# ok\n\nbad '), 0xff, ...bytesOf(' text\n')]);
    const [finding] = read(bytes).findings;
    expect(finding).toMatchObject({ code: 'invalid-utf8', got: '0xff at byte 10', at: { line: 3, column: 5 } });
    expect(read(bytes).tree.children).toHaveLength(2);
  });

  it('A17 finds a cut sequence at the very end', () => {
    expect(read(Uint8Array.from([...bytesOf('a '), 0xe2, 0x82])).findings[0]).toMatchObject({ code: 'invalid-utf8' });
  });

  it('A17 reports NUL bytes and UTF-16 and reads both', () => {
    expect(codes('a\n\0b\0')).toEqual(['nul-byte 2:1']);
    const utf16 = Uint8Array.from([0xff, 0xfe, ...[...'# Hi\n'].flatMap((sign) => [sign.charCodeAt(0), 0])]);
    expect(read(utf16).text).toBe('# Hi\n');
    expect(codes(utf16)).toEqual(['utf-16 1:1']);
  });

  it('F17 reports merge markers and keeps both sides, at the opening line', () => {
    const text = 'a\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\nb\n';
    expect(codes(text)).toEqual(['merge-marker 2:1']);
    expect(read(text).text).toContain('ours');
    expect(read(text).text).toContain('theirs');
    expect(codes('Title\n=======\n\n> quote\n')).toEqual([]);
  });

  it.each([
    ['windows-1252', [0x81, 0x8d, 0x8f, 0x90, 0x9d]],
    ['windows-1254', [0x81, 0x8d, 0x8e, 0x8f, 0x90, 0x9d, 0x9e]],
  ] as const)('C01 reads text that was taken for %s back as it was', (encoding, lost) => {
    const text = '# ✅ GO → “done” ⚠️ é 🚀 🎉 ❌ — ⏳';
    expect(read(misread(text, encoding)).text).toBe(text);
    const cut = read(misread(text, encoding, lost));
    expect(cut.text).toBe(text);
    expect(cut.findings[0]?.message).toContain('lost a byte');
  });

  it('C01 reads text that was misread twice', () => {
    expect(read(misread(misread('# ✅ café → naïve', 'windows-1252'), 'windows-1252')).text).toBe('# ✅ café → naïve');
  });

  it('C01 leaves honest text of other languages alone', () => {
    const honest = [
      'Übergröße „MENÜ“ à propos – Ä…',
      'voilà…” dit-il, é…”',
      'NÃO, Ä€ ığdır Şişli',
      'текст “цитата”',
      '日本語の手順',
      '✅ 🚀 →',
    ];
    for (const text of honest) {
      expect(read(text).text).toBe(text);
      expect(read(text).findings).toEqual([]);
    }
  });

  it('C01 gives columns of the original file behind repaired text', () => {
    const text = `${misread('✅ ✅', 'windows-1252')} **bold**\n`;
    const document = read(text);
    expect(document.place(document.text.indexOf('bold')).column).toBe(text.indexOf('bold') + 1);
  });

  it.skipIf(!existsSync(seeds))(
    'C01 reads the seed that was misread as Turkish Windows (skipped where the seeds are not beside the project)',
    () => {
      const name = readdirSync(seeds).find((file) => file.startsWith('004')) ?? '';
      const document = readDocument(name, readFileSync(`${seeds}/${name}`));
      expect(document.text.startsWith('# 🎉 Phase 7')).toBe(true);
      expect([...new Set(document.text.match(/[^\p{ASCII}]+/gu))].toSorted()).toEqual(
        ['→', '✅', '⚠️', '🎉', '🎉🎊🚀', '🎯', '🔴', '🙏', '🚀', '🟡', '🟢'].toSorted(),
      );
      expect(document.findings).toMatchObject([{ code: 'mojibake', count: 143, at: { line: 1, column: 3 } }]);
    },
  );
});

describe('hostile documents', () => {
  const hostile: [string, () => string | Uint8Array, string][] = [
    ['100 MB', () => new Uint8Array(100_000_000), 'document-too-large 1:1'],
    ['a line of 2 MiB', () => `a\n${'b'.repeat(2 ** 21)}`, 'line-too-long 2:1'],
    ['10,000 quotes', () => `a\n\n${'> '.repeat(10_000)}x`, 'nesting-too-deep 3:1'],
    ['10,000 lists on a line', () => `${'- '.repeat(10_000)}x`, 'nesting-too-deep 1:1'],
    [
      '10,000 lists in steps',
      () => Array.from({ length: 400 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
      'nesting-too-deep 101:1',
    ],
    ['100,000 brackets', () => '['.repeat(100_000), 'markup-too-dense 1:1'],
    ['a million lines', () => 'x\n'.repeat(1_000_000), 'too-many-lines 50001:1'],
  ];

  it.each(hostile)('A17 refuses %s with the place, in bounded time', (_name, make, expected) => {
    const bytes = make();
    const start = performance.now();
    const document = read(bytes);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(document.refused).toBe(true);
    expect(
      document.findings
        .filter(({ weight }) => weight === 'refusal')
        .map(({ code, at }) => `${code} ${at.line}:${at.column}`),
    ).toEqual([expected]);
    expect(document.tree.children).toEqual([]);
  });

  it('A17 does not refuse what is only long', () => {
    for (const text of [
      '- a\n'.repeat(5000),
      `|a|b|\n|-|-|\n${'|`c`|*d*|\n'.repeat(3000)}`,
      `${'- '.repeat(60)}\n`,
      '---\n'.repeat(200),
    ]) {
      expect(read(text).refused).toBe(false);
    }
  });

  it('A17 never throws on any bytes, and every place is inside the file', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const document = read(bytes);
        const { findings, text } = document;
        const lines = new TextDecoder().decode(bytes).split(/\r\n?|\n/).length;
        for (const { at } of findings) expect(at.line).toBeLessThanOrEqual(Math.max(lines, text.split('\n').length));
        expect(document.place(text.length).line).toBe(text.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parsing in pieces', () => {
  const written = [
    '# head',
    'text',
    '',
    '- item',
    '  more',
    '1. one',
    '> quote',
    '```',
    '~~~sh',
    '    code',
    '<!--',
    '-->',
    '<div>',
    '| a | b |',
    '|---|---|',
    '[x]: /u',
    '[x] y',
    '[^1]: note',
    '[^1]',
    '---',
    '***',
    '\ttab',
    '  - sub',
  ];
  const block = fc.array(fc.constantFrom(...written), { minLength: 1, maxLength: 40 });

  it('D10 gives the tree that parsing in one go gives', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
        const text = blocks.map((lines) => `${lines.join('\n')}\n${'filler\n'.repeat(299)}\n# next\n`).join('\n');
        expect(isDeepStrictEqual(parseMarkdown(text), parseWhole(text))).toBe(true);
      }),
      {
        numRuns: Number(process.env['FUZZ_RUNS'] ?? 40),
        examples: [
          [[['[x]: /u'], ['[x] y', '<!--', '# head'], ['# head']]],
          [[['    code', '# head'], ['[^1]: note', '# head'], ['# head']]],
        ],
      },
    );
  });

  it('D10 reads lists behind a rule at the top that nothing closes', () => {
    const { tree, frontMatter } = read('---\n\n- item\n\n> quote\n');
    expect(tree.children.map(({ type }) => type)).toEqual(['thematicBreak', 'list', 'blockquote']);
    expect(frontMatter).toBe(null);
    expect(read('---\n---\n- item\n').frontMatter?.text).toBe('');
  });

  it.skipIf(!existsSync(samples))(
    'D10 gives the same tree for all sample documents and for all of them as one (skipped where the samples are not beside the project)',
    () => {
      const texts = readdirSync(samples).map((name) => readFileSync(`${samples}/${name}`, 'utf8').replaceAll('\r', ''));
      expect(texts.length).toBeGreaterThan(20);
      for (const text of [...texts, texts.join('\n\n')])
        expect(isDeepStrictEqual(parseMarkdown(text), parseWhole(text))).toBe(true);
    },
  );
});
