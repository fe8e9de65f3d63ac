import type { Nodes, Root } from 'mdast';

import type { Place } from '../../core/launch/place.ts';

/** What reading the bytes of a document brought to light, before any meaning is looked at. */
export type ReadingCode =
  | 'byte-order-mark'
  | 'utf-16'
  | 'invalid-utf8'
  | 'nul-byte'
  | 'carriage-return'
  | 'mojibake'
  | 'merge-marker'
  | 'document-too-large'
  | 'line-too-long'
  | 'too-many-lines'
  | 'nesting-too-deep'
  | 'nesting-too-much'
  | 'markup-too-dense'
  | 'markup-too-much';

/** One thing met while reading the bytes: harmless (a byte order mark), damage (mojibake), or the reason of a refusal. */
export interface ReadingFinding {
  code: ReadingCode;
  /** `harmless` changes no meaning; `damage` was repaired or replaced for reading; `refusal` means that nothing was read. */
  weight: 'harmless' | 'damage' | 'refusal';
  message: string;
  expected: string;
  got: string;
  hint: string;
  /** First place; `count` says how many there are. */
  at: Place;
  count: number;
}

/** The YAML between the `---` fences at the top, without them. */
export interface FrontMatter {
  text: string;
  /** Offset of `text` in the document's text, for places of YAML nodes. */
  offset: number;
  /** Line of the first line of `text`, counted from 1. */
  line: number;
}

/** A document as read: the bytes, the text they mean, the Markdown tree, and the way from any of it back to line and column. */
export interface Document {
  path: string;
  /** Lower-case hex of the bytes as they stand. */
  sha256: string;
  bytes: Uint8Array;
  /** Text for reading: no byte order mark, LF line ends, mojibake repaired. Offsets in `tree` are offsets into it. */
  text: string;
  findings: ReadingFinding[];
  /** True where the document is too large, deep or dense to be read in bounded time: `text` and `tree` are empty then. */
  refused: boolean;
  tree: Root;
  frontMatter: FrontMatter | null;
  /** Line and column in the original file of an offset into `text`, or of the start of a node. Columns are UTF-16 units from 1. */
  place(where: number | Nodes): Place;
  /** Text of the node as written (after repair). */
  written(node: Nodes): string;
}
