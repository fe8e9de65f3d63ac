/** Returns the members of a JSON object, each with its value as it is written, so that numbers keep all their digits. The text has to be valid JSON of an object without a key twice. */
export function splitMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
  let depth = 0;
  let key: string | null = null;
  let last = '';
  let start = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [part] = match;
    if (depth === 1 && (part === ',' || part === '}') && key !== null) {
      members.set(key, text.slice(start, match.index).trim());
      key = null;
    } else if (depth === 1 && part === ':' && key === null) {
      key = JSON.parse(last) as string;
      start = token.lastIndex;
    }
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
    last = part;
  }
  return members;
}
