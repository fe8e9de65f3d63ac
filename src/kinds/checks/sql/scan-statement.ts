/** A fault in the text of a statement, by its place in that text. */
export interface StatementFault {
  offset: number;
  expected: string;
  got: string;
  hint: string;
}

const reading = ['select', 'with', 'values', 'table', 'show', 'explain', 'describe', 'desc', 'pragma'];

/** Strings, quoted names, dollar quotes of Postgres, comments; an unclosed one runs to the end. */
const opaque =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const executable = /\/\*M?!/;

/**
 * What keeps a text from being exactly one statement that reads, or null. It is there to say so early and with a place: what really
 * forbids writing is the session of the database, so a text that is misread here is still refused there.
 */
export function findStatementFault(query: string): StatementFault | null {
  const version = executable.exec(query);
  if (version)
    return fault(query, version.index, { expected: 'comments that stay comments', hint: 'remove the /*! comment' });
  // Opaque parts become spaces of the same length, so that offsets stay those of the text.
  const bare = query.replaceAll(opaque, (part) => ' '.repeat(part.length));
  const first = /[^\s(]+/.exec(bare);
  if (!first) return fault(query, 0, { expected: 'one statement', hint: 'write a select' });
  const word = /^[a-z]+/i.exec(first[0])?.[0].toLowerCase() ?? first[0];
  if (!reading.includes(word)) {
    return fault(query, first.index, {
      expected: `one of ${reading.join(', ')}`,
      hint: 'a check only reads: write a select',
    });
  }
  const next = /;\s*[^\s;]/.exec(bare);
  if (next)
    return fault(query, next.index, { expected: 'the end of the text after ;', hint: 'split it into two criteria' });
  // Searched in the whole text: MySQL reads quotes and comments by rules of its own, and this one writes in a read-only session.
  const file = /\b(?:outfile|dumpfile)\b/i.exec(query);
  if (file) return fault(query, file.index, { expected: 'a statement that only reads', hint: 'remove into outfile' });
  return null;
}

function fault(query: string, offset: number, detail: { expected: string; hint: string }): StatementFault {
  const rest = query.slice(offset).trim().split('\n', 1)[0] ?? '';
  return { offset, ...detail, got: rest === '' ? 'nothing' : rest.slice(0, 60) };
}
