import type { LinkTarget } from './link-target.ts';

export const readingTypes = [
  'root',
  'front',
  'heading',
  'paragraph',
  'quote',
  'list',
  'item',
  'code',
  'table',
  'row',
  'cell',
  'rule',
  'footnote',
  'text',
  'attributes',
  'markup',
  'emphasis',
  'strong',
  'delete',
  'inlineCode',
  'break',
  'link',
  'image',
] as const;

export type ReadingType = (typeof readingTypes)[number];

/**
 * A node of a document as it is read by people: nothing in it can run, load or lead anywhere but by a `LinkTarget`. Markup of HTML is `markup`, text to be shown
 * as it was written. Fields that do not apply are left out: a document has many thousand nodes.
 */
export interface ReadingNode {
  type: ReadingType;
  /** First line in the file as it stands on disk, from 1. */
  line: number;
  text?: string;
  /** Of a heading 1 to 6; of an ordered list its first number. */
  level?: number;
  /** Of a heading, what a link to it names. */
  anchor?: string;
  ordered?: boolean;
  checked?: boolean;
  /** Language of code, or the word before a footnote. */
  label?: string;
  to?: LinkTarget;
  align?: ('left' | 'right' | 'center' | null)[];
  children?: ReadingNode[];
}
