/** Something that a reader of a verdict has to know of a column. `blocks` where the two sides cannot be compared before somebody declares more. */
export interface ColumnNote {
  /** Of a note about a whole table, its name. */
  column: string;
  code:
    | 'missing'
    | 'left-behind'
    | 'type'
    | 'boolean'
    | 'zone'
    | 'precision'
    | 'collation'
    | 'generated'
    | 'binary-float'
    | 'key'
    | 'table';
  message: string;
  blocks: boolean;
}

/** Returns a note that stops nothing. */
export function note(column: string, code: ColumnNote['code'], message: string): ColumnNote {
  return { column, code, message, blocks: false };
}

/** Returns a note about what has to be declared first. */
export function block(column: string, code: ColumnNote['code'], message: string): ColumnNote {
  return { column, code, message, blocks: true };
}

/**
 * Returns whether the document has to say more before an import may write, or a comparison may say that both sides are equal: a column that nobody has spoken of
 * is compared with nothing.
 */
export function asks({ blocks, code }: Pick<ColumnNote, 'blocks' | 'code'>): boolean {
  return blocks || code === 'left-behind';
}
