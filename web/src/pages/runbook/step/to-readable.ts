/**
 * The text of a step as people read it: without the attributes and the tag that only machines need, and without the fences, which stand below by themselves.
 */
export function toReadable(markdown: string): string {
  const [first = '', ...rest] = withoutFences(markdown).split('\n');
  const title = first
    .replace(/^\[HUMAN\]\s*/u, '')
    .replace(/\s*\{[#.a-z][^}]*\}\s*$/u, '')
    .trimEnd();
  return [title, ...rest].join('\n').trim();
}

/** Fences of the indentation of the item itself; one that is never closed reaches to the end (CommonMark 0.31 section 4.5). */
function withoutFences(text: string): string {
  const kept: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/u.exec(line) ?? [];
    if (fence !== null) {
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = null;
    } else if (mark !== undefined && isMachine(line)) fence = mark;
    else kept.push(line);
  }
  return kept.join('\n');
}

/** A fence that names a language is shown below as what is done; one without is an example for people. */
function isMachine(line: string): boolean {
  return /^ {0,3}[`~]{3,}\s*\S/u.test(line);
}
