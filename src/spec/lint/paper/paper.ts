/** What one line of a document is to a reader. `code` is inside a fence or an indented block, `comment` inside an HTML comment. */
export type LineKind =
  | 'blank'
  | 'front'
  | 'heading'
  | 'item'
  | 'text'
  | 'table'
  | 'fence'
  | 'code'
  | 'comment'
  | 'break'
  | 'definition';

export interface Line {
  /** Counted from 1. */
  number: number;
  raw: string;
  kind: LineKind;
  /** The line without list, quote, heading and box markers; comments inside it are blanked, so that columns hold. */
  text: string;
  /** Column (from 1) at which `text` begins. */
  column: number;
  indent: number;
  quoted: boolean;
  /** `text` with code spans blanked, so that columns hold. */
  prose: string;
  section: Section;
}

export interface Section {
  index: number;
  title: string;
  /** 1 to 6; 0 for what stands before the first heading. */
  level: number;
  line: number;
  column: number;
  /** Last line of the section itself and of everything nested under it. */
  end: number;
  parent: Section | null;
}

export interface Item {
  line: number;
  column: number;
  indent: number;
  /** The typed number of `3.`; null for bullets. */
  number: number | null;
  box: 'open' | 'ticked' | null;
  /** First line and continuation lines, white space folded. */
  text: string;
  /** Last line that belongs to the item, nested items included. */
  end: number;
  parent: Item | null;
  children: Item[];
  section: Section;
  quoted: boolean;
  /** Boxes of one line (`[ ] GO [ ] NO-GO`) are a choice, not work. */
  choice: boolean;
}

export interface Cell {
  text: string;
  line: number;
  column: number;
}

export interface Table {
  line: number;
  header: Cell[];
  rows: Cell[][];
  section: Section;
}

export interface Fence {
  /** Line of the opening mark. */
  line: number;
  column: number;
  indent: number;
  language: string;
  info: string;
  mark: string;
  /** The closing mark as written; null where the fence is never closed. */
  closing: string | null;
  end: number;
  lines: string[];
  section: Section;
  /** The item whose text or number stands above it. */
  item: Item | null;
}

export interface Comment {
  line: number;
  column: number;
  end: number;
  text: string;
}

/** `**Owner:** Operations`, `Status: blocked`, a key of the front matter, or a row of a two-column header table. */
export interface Field {
  key: string;
  value: string;
  line: number;
  column: number;
  section: Section;
  /** True for front matter and for the lines at the top that stand in its place. */
  front: boolean;
}

export interface Link {
  target: string;
  image: boolean;
  line: number;
  column: number;
}

/** A run of plain lines that a reader takes as one, quotes included. */
export interface Paragraph {
  line: number;
  end: number;
  text: string;
  section: Section;
  quoted: boolean;
}

/**
 * A document as lint sees it: the blocks that a person sees, not those that CommonMark would build. A fence at column 0 does not
 * end the list around it, and a bullet sign of a web page copy is a bullet.
 */
export interface Paper {
  path: string;
  text: string;
  /** True for a text copy of a web page: no Markdown headings, bullets as signs. */
  plain: boolean;
  lines: Line[];
  sections: Section[];
  items: Item[];
  tables: Table[];
  fences: Fence[];
  comments: Comment[];
  fields: Field[];
  links: Link[];
  paragraphs: Paragraph[];
  /** Link definitions by lower-case label. */
  definitions: Map<string, string>;
  frontMatter: { text: string; line: number } | null;
  title: string;
}
