import type { Root, Yaml } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { gfmFootnote } from 'micromark-extension-gfm-footnote';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { gfmTable } from 'micromark-extension-gfm-table';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';

import { movePlaces, parsePieces } from './parse-pieces.ts';

const extensions = [gfmTable(), gfmTaskListItem(), gfmStrikethrough(), gfmFootnote()];
const mdastExtensions = [
  gfmTableFromMarkdown(),
  gfmTaskListItemFromMarkdown(),
  gfmStrikethroughFromMarkdown(),
  gfmFootnoteFromMarkdown(),
];

/**
 * Returns the CommonMark + GFM tree of a text that `measureHostility` let through, with the front matter as its first node.
 * Bare URLs stay text: the autolink extension takes a quarter of the whole parsing time (43 instead of 59 lines/ms over
 * 34 real documents) and says nothing that a search for `https://` does not.
 */
export function parseMarkdown(text: string): Root {
  return parseBehindFrontMatter(text, (body) => parsePieces(body, parseBody));
}

/** Returns the same tree in one go; slower than `parseMarkdown` on long texts, and its yardstick in tests. */
export function parseWhole(text: string): Root {
  return parseBehindFrontMatter(text, parseBody);
}

function parseBody(text: string): Root {
  return fromMarkdown(text, { extensions, mdastExtensions });
}

const opening = /^---[ \t]*\n/;
const closing = /^---[ \t]*(?:\n|$)/gm;

/**
 * The front matter is cut off before parsing, not by the parser's own extension: with that one, a document that opens with a `---`
 * which nothing closes loses every list and quote (micromark-extension-frontmatter 2.0.0).
 */
function parseBehindFrontMatter(text: string, parse: (body: string) => Root): Root {
  const open = opening.exec(text)?.[0].length ?? 0;
  closing.lastIndex = open;
  const close = open === 0 ? null : closing.exec(text);
  if (close === null) return parse(text);
  const end = close.index + close[0].trimEnd().length;
  const value = text.slice(open, Math.max(open, close.index - 1));
  const lines = text.slice(0, close.index).split('\n').length;
  const yaml: Yaml = {
    type: 'yaml',
    value,
    position: {
      start: { line: 1, column: 1, offset: 0 },
      end: { line: lines, column: end - close.index + 1, offset: end },
    },
  };
  const tree = parse(text.slice(close.index + close[0].length));
  movePlaces(tree, close.index + close[0].length, lines);
  return { ...tree, children: [yaml, ...tree.children] };
}
