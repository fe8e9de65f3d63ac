import type { SecretForm } from './secret-forms.ts';
import type { SqueezedText } from './squeeze.ts';

/** Forms in squeezed text: `from` and `to` are squeezed indexes, `to` behind the last byte. */
export interface FormHit {
  from: number;
  to: number;
  form: SecretForm;
}

/** Forms of one anchor window, ordered by distance of the window and text, so that the longest match is found by halving. */
interface Group {
  window: Uint8Array;
  runs: { distance: number; forms: SecretForm[] }[];
}

/** The forms whose anchors are at least `width` long. */
interface FormTable {
  /** Bytes of an anchor that are looked up. */
  width: number;
  /** One bit for each gram of a window, by hash. */
  grams: Uint32Array;
  /** One bit for each window, by hash: most hits of grams end here. */
  windows: Uint32Array;
  groups: Map<number, Group[]>;
}

/** All forms of all secrets, searched in time linear in the text, however many they are and whatever the text. */
export interface SecretIndex {
  tables: FormTable[];
  /** Longest anchor: what has to stay back at the end of a stream. */
  longestAnchor: number;
}

const gramBits = 21;
const gramLength = 4;
/** Widths of tables: the wider, the fewer places of the text are looked at. Nearly all forms are in the first. */
const widths = [2 * gramLength, 6, gramLength] as const;

/** An index that finds nothing yet. */
export function createSecretIndex(): SecretIndex {
  return { tables: [], longestAnchor: 0 };
}

/** Has the index find these forms, too, from the next search on. */
export function addForms(index: SecretIndex, forms: readonly SecretForm[]): void {
  for (const form of forms) {
    const width = widths.find((candidate) => form.anchor >= candidate);
    if (width === undefined) continue;
    addForm(tableOf(index, width), form);
    index.longestAnchor = Math.max(index.longestAnchor, form.anchor);
  }
}

function tableOf({ tables }: SecretIndex, width: number): FormTable {
  const known = tables.find((table) => table.width === width);
  if (known !== undefined) return known;
  const bits = 2 ** (gramBits - 5);
  const table: FormTable = { width, grams: new Uint32Array(bits), windows: new Uint32Array(bits), groups: new Map() };
  tables.push(table);
  return table;
}

function addForm({ width, grams, windows, groups }: FormTable, form: SecretForm): void {
  const distance = form.anchor - width;
  const window = form.text.subarray(distance, form.anchor);
  for (let at = 0; at + gramLength <= width; at += 1) {
    const gram = hashGram(window, at);
    grams[gram >>> 5]! |= 1 << (gram & 31);
  }
  const key = hashWindow(window, 0, width);
  windows[key >>> (37 - gramBits)]! |= 1 << ((key >>> (32 - gramBits)) & 31);
  const bucket = groups.get(key) ?? [];
  groups.set(key, bucket);
  let group = bucket.find((candidate) => Buffer.compare(candidate.window, window) === 0);
  if (group === undefined) bucket.push((group = { window, runs: [] }));
  const run = group.runs.find((candidate) => candidate.distance === distance);
  if (run === undefined) group.runs.push({ distance, forms: [form] });
  else run.forms.splice(placeOf(run.forms, form.text), 0, form);
}

/** Where a text would stand among forms in order. */
function placeOf(forms: readonly SecretForm[], text: Uint8Array): number {
  let low = 0;
  let high = forms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(forms[middle]!.text, text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every place where at least the anchor of a form stands, as long as it goes on to match. */
export function findForms({ tables }: SecretIndex, text: SqueezedText): FormHit[] {
  const hits: FormHit[] = [];
  for (const table of tables) searchTable(table, text, hits);
  return hits;
}

/** One gram of four bytes in every `width - 3` is looked up in a bit table; only near a hit are whole windows hashed. */
function searchTable(table: FormTable, text: SqueezedText, hits: FormHit[]): void {
  const { width, grams, windows } = table;
  const { bytes, length } = text;
  const stride = width - gramLength + 1;
  for (let at = stride - 1; at + gramLength <= length; at += stride) {
    const gram = hashGram(bytes, at);
    if (((grams[gram >>> 5]! >>> (gram & 31)) & 1) === 0) continue;
    const last = Math.min(at, length - width);
    for (let start = at - stride + 1; start <= last; start += 1) {
      const key = hashWindow(bytes, start, width);
      if (((windows[key >>> (37 - gramBits)]! >>> ((key >>> (32 - gramBits)) & 31)) & 1) === 1)
        lookUpWindow(table, text, { key, start }, hits);
    }
  }
}

function lookUpWindow(
  { width, groups }: FormTable,
  text: SqueezedText,
  { key, start }: { key: number; start: number },
  hits: FormHit[],
): void {
  for (const { window, runs } of groups.get(key) ?? []) {
    if (matchLength(window, text, start) < width) continue;
    for (const { distance, forms } of runs) {
      const from = start - distance;
      const found = from < 0 ? undefined : longestMatch(forms, text, from);
      if (found !== undefined && found.to - from >= found.form.anchor) hits.push({ from, ...found });
    }
  }
}

/** The neighbours of the place where the text would stand among the sorted forms share the longest beginning with it. */
function longestMatch(
  forms: readonly SecretForm[],
  text: SqueezedText,
  from: number,
): { form: SecretForm; to: number } {
  let low = 0;
  let high = forms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(forms[middle]!.text, text, from)) low = middle + 1;
    else high = middle;
  }
  const near = [forms[low], forms[low - 1]].filter((form) => form !== undefined);
  const lengths = near.map((form) => matchLength(form.text, text, from));
  const best = (lengths[1] ?? 0) > (lengths[0] ?? 0) ? 1 : 0;
  return { form: near[best]!, to: from + lengths[best]! };
}

function matchLength(form: Uint8Array, { bytes, length }: SqueezedText, from: number): number {
  const limit = Math.min(form.length, length - from);
  let at = 0;
  while (at < limit && form[at] === bytes[from + at]) at += 1;
  return at;
}

function isBefore(form: Uint8Array, text: SqueezedText, from: number): boolean {
  const same = matchLength(form, text, from);
  if (same === form.length) return true;
  return from + same < text.length && form[same]! < text.bytes[from + same]!;
}

function hashGram(bytes: Uint8Array, at: number): number {
  return Math.imul(readGram(bytes, at), 0x9e3779b1) >>> (32 - gramBits);
}

/** A window is no longer than two grams, which may overlap. */
function hashWindow(bytes: Uint8Array, from: number, width: number): number {
  const first = Math.imul(readGram(bytes, from), 0x85ebca6b);
  const mixed = Math.imul(first ^ (first >>> 15) ^ readGram(bytes, from + width - gramLength), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function readGram(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
