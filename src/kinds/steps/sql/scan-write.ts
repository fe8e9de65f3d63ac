/** Strings, quoted names, dollar quotes of Postgres, comments; an unclosed one runs to the end. */
const opaque =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** Words that would end the transaction in which everything is done, or step out of it. */
const transaction =
  /^\s*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|attach|detach|vacuum|lock\s+tables|unlock\s+tables|set\s+(?:global|session|autocommit))\b/i;

/** Returns what keeps a text from being one statement inside a transaction of ours, or null. */
export function findWriteFault(statement: string): { expected: string; got: string; hint: string } | null {
  const bare = statement.replaceAll(opaque, (part) => ' '.repeat(part.length));
  const got = statement.trim().slice(0, 60) || 'nothing';
  if (bare.trim().replaceAll(';', '') === '') return { expected: 'a statement', got, hint: 'write the statement' };
  if (/;\s*[^\s;]/.test(bare)) return { expected: 'one statement', got, hint: 'make a list item of its own of each' };
  if (transaction.test(bare))
    return {
      expected: 'a statement inside of one transaction',
      got,
      hint: 'leave it out: the step is one transaction',
    };
  return null;
}

/** Returns the statements of a text, parted at the semicolons that are in no string, name or comment. */
export function splitStatements(text: string): string[] {
  const bare = text.replaceAll(opaque, (part) => ' '.repeat(part.length));
  const ends = [...bare.matchAll(/;/g)].map(({ index }) => index);
  const starts = [0, ...ends.map((end) => end + 1)];
  return starts
    .map((start, index) => ({ start, end: ends[index] ?? text.length }))
    .filter(({ start, end }) => bare.slice(start, end).trim() !== '')
    .map(({ start, end }) => text.slice(start, end).trim());
}

/** First word and what it touches, as far as that can be seen from the text. */
export function describeStatement(statement: string): { does: 'write' | 'delete'; verb: string; object: string } {
  const bare = statement
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const name = '([\\w."`]+)';
  const pattern = `(?:insert(?: or \\w+)? into|update(?: only)?|delete from|truncate(?: table)?|merge into|replace into|(?:create|alter|drop) (?:unique )?\\w+(?: if (?:not )?exists)?) ${name}`;
  const found = new RegExp(pattern, 'i').exec(bare);
  const verb = /^\w+/.exec(bare)?.[0].toLowerCase() ?? 'statement';
  return {
    does: /^(?:delete|truncate|drop)\b/i.test(bare) ? 'delete' : 'write',
    verb,
    object: found?.[1] ?? bare.slice(0, 80),
  };
}

/** Whether MySQL and MariaDB commit before and after the statement by themselves, so that no ledger can be kept with it. */
export function commitsByItself(statement: string): boolean {
  const bare = statement.replaceAll(opaque, ' ').trim();
  return /^(?:create|alter|drop|truncate|rename|grant|revoke|analyze|optimize|repair|install|uninstall)\b/i.test(bare);
}
