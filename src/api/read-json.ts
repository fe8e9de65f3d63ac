import { ProductError } from '../core/error/product-error.ts';

/** Deeper bodies are refused: no request of ours is deeper, and hostile nesting ends in a stack overflow further in. */
export const maxDepth = 64;

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gu;
/** Names by which the prototype of an object is reached. */
const reserved = new Set(['__proto__', 'constructor']);

/**
 * The value of a JSON body that means one thing to every reader: no name twice in an object (RFC 8259 section 4; RFC 7493 section 2.3), no name that reaches a prototype,
 * no lone surrogate and no NUL, which the store cannot keep, and no hostile depth. Throws `request_invalid`.
 */
export function readJson(text: string): unknown {
  refuseNames(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('JSON', text === '' ? 'nothing' : 'other text');
  }
  refuseTexts(value);
  return value;
}

/** Before anything is built, so that depth costs nothing; of text that is no JSON it may say anything, since that is refused next. */
function refuseNames(text: string): void {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
      if (open.length > maxDepth) throw invalid(`at most ${maxDepth} levels`, 'more');
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':') refuseName(open.at(-1), last);
    else last = token;
  }
}

function refuseName(names: Set<string> | undefined, token: string): void {
  const name = toName(token);
  if (names?.has(name)) throw invalid('every name once', `${quote(name)} twice`);
  if (reserved.has(name)) throw invalid('names of fields', quote(name));
  names?.add(name);
}

function toName(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    throw invalid('JSON', 'other text');
  }
}

function refuseTexts(value: unknown): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw invalid('well-formed Unicode', 'a lone surrogate');
    if (value.includes('\0')) throw invalid('text without NUL', 'one');
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    refuseTexts(name);
    refuseTexts(each);
  }
}

function quote(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}...` : name);
}

function invalid(expected: string, got: string): ProductError {
  return new ProductError('request_invalid', `body: expected ${expected}, got ${got}`, {
    hint: 'mend the body; /api/openapi.json has its form',
  });
}
