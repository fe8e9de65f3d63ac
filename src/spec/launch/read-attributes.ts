/** One `key=value` or `#id`, with the offset of its first character inside the braces or the info string. */
export interface Attribute {
  key: string;
  value: string;
  index: number;
}

export interface AttributeFault {
  index: number;
  expected: string;
  got: string;
  hint: string;
}

const id = /#([^\s#=,{}"']+)(?=\s|$)/y;
const pair = /([A-Za-z][\w-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;
const space = /\s+/y;
const word = /\S+/y;

/**
 * Returns the attributes of a text like `#freeze role=lead needs=a,b proof="url"`, in their order, and what cannot be read.
 * A word of `flags` may stand alone, and means yes.
 *
 * attributes = *( space / id / pair / flag ); id = "#" word; pair = name "=" ( word / quoted ).
 */
export function readAttributes(
  text: string,
  flags: readonly string[] = [],
): { attributes: Attribute[]; faults: AttributeFault[] } {
  const attributes: Attribute[] = [];
  const faults: AttributeFault[] = [];
  for (let at = 0; at < text.length;) {
    const skipped = matchAt(space, text, at);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const match = matchAt(id, text, at) ?? matchAt(pair, text, at);
    if (match === null) {
      const got = matchAt(word, text, at)?.[0] ?? text.slice(at);
      if (flags.includes(got)) {
        attributes.push({ key: got, value: 'yes', index: at });
        at += got.length;
        continue;
      }
      faults.push({ index: at, expected: '#id or key=value', got, hint: hintForWord(got) });
      at += got.length;
      continue;
    }
    const isId = match[0].startsWith('#');
    attributes.push({
      key: isId ? '#' : (match[1] ?? ''),
      value: isId ? (match[1] ?? '') : (match[2] ?? match[3] ?? match[4] ?? ''),
      index: at,
    });
    at += match[0].length;
  }
  return { attributes, faults };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function hintForWord(got: string): string {
  if (/^[A-Za-z][\w-]*=["']/.test(got)) return 'close the quotation mark';
  if (/^[A-Za-z][\w-]*=$/.test(got)) return 'write the value right behind the =';
  if (/^[A-Za-z][\w-]*$/.test(got))
    return `write ${got}=..., or #${got} for an id; put the braces in backticks if they are text`;
  return 'put the braces in backticks if they are text';
}
