import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import type { Heading, Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules/**', '**/.tminus/**', '**/fixtures/**'] });

function parse(markdown: string): Nodes {
  return fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
}

function collect(node: Nodes): Nodes[] {
  return 'children' in node ? [node, ...node.children.flatMap((child) => collect(child))] : [node];
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => textOf(child)).join('') : '';
}

const known = new Map<string, ReadonlySet<string>>();

/** Anchors that a code host gives to the headings of a document, and the ids that a launch document declares in braces. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = collect(parse(markdown)).filter((node): node is Heading => node.type === 'heading');
  const declared = /^---\r?\ntminus:/.test(markdown) ? [...markdown.matchAll(/\{#([\w-]+)[^}\n]*\}/g)] : [];
  return new Set([...headings.map((heading) => slugger.slug(textOf(heading))), ...declared.map(([, id]) => id ?? '')]);
}

function hasAnchor(markdown: string, anchor: string): boolean {
  const anchors = known.get(markdown) ?? anchorsOf(markdown);
  known.set(markdown, anchors);
  return anchors.has(decodeURIComponent(anchor));
}

/** Links of a document that lead nowhere: `read` gives the text of a file by its path from the root, null where there is none. */
function findDeadLinks(file: string, markdown: string, read: (path: string) => string | null): string[] {
  const links = collect(parse(markdown)).flatMap((node) => ('url' in node ? [node.url] : []));
  return links.filter((url) => {
    if (/^[a-z][a-z+.-]*:/i.test(url)) return false;
    const [path = '', anchor] = url.split('#');
    const target = path === '' ? file : join(dirname(file), decodeURI(path));
    const text = target === file ? markdown : read(target);
    return text === null || (anchor !== undefined && !hasAnchor(text, anchor));
  });
}

function readFile(path: string): string | null {
  const full = join(root, path);
  if (relative(root, full).startsWith('..') || !existsSync(full)) return null;
  return path.endsWith('.md') ? readFileSync(full, 'utf8') : '';
}

describe('links in the documents of this repository', () => {
  it('finds the documents', () => {
    expect(files).toContain('docs/README.md');
    expect(files).toContain('ARCHITECTURE.md');
  });

  it.each(files)('all lead somewhere in %s', (file) => {
    expect(findDeadLinks(file, readFileSync(join(root, file), 'utf8'), readFile)).toEqual([]);
  });

  it('are noticed where they lead nowhere: a file, an anchor, a place outside of the repository', () => {
    const text =
      '# Here\n\n[a](gone.md) [b](#here) [c](#there) [d](../../outside.md) ![e](gone.png) [f](https://a.test/x) [g](two.md#a-b)\n';
    const read = (path: string): string | null => (path === 'docs/two.md' ? '## A b' : readFile(path));
    expect(findDeadLinks('docs/one.md', text, read)).toEqual(['gone.md', '#there', '../../outside.md', 'gone.png']);
    expect(findDeadLinks('docs/one.md', '[x](#paid)\n\n- [ ] Paid {#paid}', read)).toEqual(['#paid']);
    expect(findDeadLinks('docs/one.md', '---\ntminus: doc\n---\n\n[x](#paid)\n\n- [ ] Paid {#paid}', read)).toEqual([]);
    expect(findDeadLinks('docs/one.md', '| [x](gone.md) |\n|---|\n| [y](gone.md#z) |', read)).toHaveLength(2);
  });
});

describe('the index of the documentation', () => {
  it('names every guide, every page of reference and every decision', () => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const pages = globSync('{guide,reference,decisions}/*.md', { cwd: join(root, 'docs') });
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.filter((page) => !index.includes(`(${page})`))).toEqual([]);
  });
});
