import type { ByteWindow } from '../records/byte-window.ts';
import { JsonFault } from './json-fault.ts';

/** One record as it stands in the file: bytes in characters, at a position of the text of the window. */
export interface JsonElement {
  text: string;
  at: number;
}

/** Yields each element of the list at the end of `path` (names of members, from the root). What lies beside the path is passed over without being held; the file is walked to its end, so that a cut one is seen. */
export async function* walkJson(window: ByteWindow, path: readonly string[]): AsyncGenerator<JsonElement> {
  if (window.text.startsWith('\u{ef}\u{bb}\u{bf}')) window.at += 3;
  yield* walkValue(window, path);
  if ((await nextCode(window)) !== null)
    throw new JsonFault(window.at, 'expected the end of the file behind its value');
}

/** Yields each line that is not blank. */
export async function* walkLines(window: ByteWindow): AsyncGenerator<JsonElement> {
  if (window.text.startsWith('\u{ef}\u{bb}\u{bf}')) window.at += 3;
  for (;;) {
    const end = window.text.indexOf('\n', window.at);
    if (end === -1 && !window.isLast) {
      await window.more();
      continue;
    }
    const text = window.text.slice(window.at, end === -1 ? undefined : end).trim();
    if (text !== '') yield { text, at: window.at };
    window.at = end === -1 ? window.text.length : end + 1;
    if (end === -1) return;
  }
}

async function* walkValue(window: ByteWindow, path: readonly string[]): AsyncGenerator<JsonElement> {
  const [name, ...rest] = path;
  if (name === undefined) {
    yield* walkList(window);
    return;
  }
  await expectCode(window, '{', 'an object on the way to the list');
  let isFound = false;
  while (await hasNext(window, '}')) {
    const key = await readKey(window);
    if (key !== name) await takeValue(window, false);
    else if (isFound)
      throw new JsonFault(window.at, 'expected each key on the way to the list once, got one twice', 'duplicate_key');
    else yield* walkValue(window, rest);
    isFound ||= key === name;
  }
  if (!isFound)
    throw new JsonFault(window.at, `expected a member ${name} on the way to the list, got none`, 'list_missing');
}

async function* walkList(window: ByteWindow): AsyncGenerator<JsonElement> {
  await expectCode(window, '[', 'a list; say where it is with option list');
  while (await hasNext(window, ']')) {
    const text = await takeValue(window, true);
    yield { text, at: window.at - text.length };
  }
}

/** Passes a comma, or the end; false at the end. The first element has no comma before it, and none stands before the end. */
async function hasNext(window: ByteWindow, end: string): Promise<boolean> {
  const isFirst = /[[{]/.test(window.text[window.at - 1] ?? '');
  const code = await nextCode(window);
  if (code === end) {
    window.at += 1;
    return false;
  }
  if (isFirst) return true;
  if (code !== ',') throw new JsonFault(window.at, `expected a comma or ${end}`);
  window.at += 1;
  if ((await nextCode(window)) === end) throw new JsonFault(window.at, `expected a value behind a comma, got ${end}`);
  return true;
}

async function expectCode(window: ByteWindow, wanted: string, what: string): Promise<void> {
  const code = await nextCode(window);
  if (code !== wanted)
    throw new JsonFault(
      window.at,
      `expected ${what}, got ${code === null ? 'the end of the file' : 'something else'}`,
      'list_missing',
    );
  window.at += 1;
}

async function readKey(window: ByteWindow): Promise<string> {
  const written = await takeValue(window, true);
  if ((await nextCode(window)) !== ':') throw new JsonFault(window.at, 'expected a colon behind a key');
  window.at += 1;
  try {
    return String(JSON.parse(Buffer.from(written, 'latin1').toString('utf8')));
  } catch {
    throw new JsonFault(window.at, 'expected a key in quotes');
  }
}

/** The next character that is no white space, without passing it; null at the end of the file. */
async function nextCode(window: ByteWindow): Promise<string | null> {
  for (;;) {
    while (/[ \t\r\n]/.test(window.text[window.at] ?? '')) window.at += 1;
    if (window.at < window.text.length) return window.text[window.at]!;
    if (window.isLast) return null;
    await window.more();
  }
}

/** Passes one value; its text where it is kept. */
async function takeValue(window: ByteWindow, isKept: boolean): Promise<string> {
  await nextCode(window);
  const state: ScanState = { depth: 0, isString: false, isScalar: false, isEscaped: false };
  let scanned = 0;
  for (;;) {
    const end = scanValue(window.text, window.at + scanned, state);
    if (end !== -1 || (window.isLast && state.isScalar && state.depth === 0)) {
      const stop = end === -1 ? window.text.length : end;
      const text = isKept ? window.text.slice(window.at, stop) : '';
      window.at = stop;
      return text;
    }
    scanned = isKept ? window.text.length - window.at : 0;
    if (!isKept) window.at = window.text.length;
    await window.more();
  }
}

interface ScanState {
  depth: number;
  isString: boolean;
  isScalar: boolean;
  isEscaped: boolean;
}

/** Returns the position behind the value, or -1 where the text ends before; the state carries on from there. */
function scanValue(text: string, at: number, state: ScanState): number {
  for (let here = at; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (state.isEscaped) state.isEscaped = false;
    else if (state.isString) {
      if (code === 92) state.isEscaped = true;
      else if (code === 34) {
        state.isString = false;
        if (state.depth === 0) return here + 1;
      }
    } else if (code === 34) state.isString = true;
    else if (code === 91 || code === 123) state.depth += 1;
    else if (code === 93 || code === 125) {
      if (state.depth === 0) return here;
      state.depth -= 1;
      if (state.depth === 0) return here + 1;
    } else if (state.depth === 0) {
      if (code <= 32 || code === 44 || code === 58) return here;
      state.isScalar = true;
    }
  }
  return -1;
}
