/** The line under the title of every generated page. */
export const generatedBy =
  'Made by `node scripts/run.mjs tools/write-reference.ts` from the code. A test holds it true.';

/** A Markdown table; bars inside of cells are escaped. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [toLine(head), `|${head.map(() => '---|').join('')}`, ...rows.map((row) => toLine(row))].join('\n');
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
