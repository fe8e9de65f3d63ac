import { findGzip, findHexDump, lookWith } from './find-packed.ts';
import { findByRule, type RuleSet } from './find-by-rule.ts';
import { findSecrets, type SecretSet } from './find-secrets.ts';
import { longestEscape } from './read-escape.ts';
import { findForms } from './secret-index.ts';
import { mergeSpans, renderSpans, type Span } from './span.ts';
import { allocateSqueezedText, squeeze, type SqueezedText } from './squeeze.ts';

/** Bytes in, masked bytes out. What is not masked comes out byte for byte, valid UTF-8 or not. */
export interface MaskStream {
  /** Everything that no later byte can turn into something secret. */
  write(chunk: Uint8Array): Buffer;
  /** The rest. Nothing that is written afterwards is held together with what was written before. */
  flush(): Buffer;
}

/** What a stream looks for; read anew at every write, so that a secret which is handed out meanwhile is masked from then on. */
export interface MaskTargets {
  secrets: SecretSet;
  rules: RuleSet;
}

interface Scan {
  spans: Span[];
  /** Up to here nothing can change any more. */
  settled: number;
}

/** Raw bytes of the text before that rules may look back at. */
const contextLength = 64;
const blockLength = 32_768;
/** What is held back at most: more than this between two characters of a secret is no form of it. */
const mostHeld = 65_536;

/** A stream that masks what `targets` names, across all borders of chunks. */
export function createStream(targets: () => MaskTargets): MaskStream {
  let held: Buffer = Buffer.alloc(0);
  let context = 0;
  let scratch = allocateSqueezedText(0);

  function step(chunk: Uint8Array, isLast: boolean): Buffer {
    const raw = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    if (scratch.bytes.length < raw.length) scratch = allocateSqueezedText(2 * raw.length);
    const scan = scanText(raw, targets(), scratch);
    const cut = isLast ? raw.length : Math.max(context, cutOf(raw, scan));
    const out = renderSpans(raw, scan.spans, { from: context, to: cut });
    const keepFrom = Math.max(0, cut - contextLength);
    held = isLast ? Buffer.alloc(0) : raw.subarray(keepFrom);
    context = isLast ? 0 : cut - keepFrom;
    return out;
  }

  return {
    write(chunk) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < chunk.length; at += blockLength)
        pieces.push(step(chunk.subarray(at, at + blockLength), false));
      return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    },
    flush: () => (held.length === 0 ? Buffer.alloc(0) : step(Buffer.alloc(0), true)),
  };
}

let spare = allocateSqueezedText(4096);

/** All spans of one text that is complete. Texts that are short share their memory: a log is a million of them. */
export function findSpans(raw: Buffer, targets: MaskTargets): Span[] {
  if (spare.bytes.length < raw.length) spare = allocateSqueezedText(2 * raw.length);
  return scanText(raw, targets, spare).spans;
}

/** A span that reaches beyond what is settled waits with it; what waits for too long goes out masked. */
function cutOf(raw: Buffer, { spans, settled }: Scan): number {
  let cut = settled;
  for (const { from, to } of spans.toReversed()) if (to > cut && from < cut) cut = from;
  if (raw.length - cut <= mostHeld) return cut;
  spans.push({ from: cut, to: raw.length, label: 'unfinished' });
  return raw.length;
}

function scanText(raw: Buffer, { secrets, rules }: MaskTargets, text: SqueezedText): Scan {
  squeeze(raw, text);
  const byRule = findByRule(rules, raw, text);
  const wholes: { from: number; to: number }[] = [];
  const spans = [...findSecrets(secrets, raw, text), ...byRule.spans];
  const { longestAnchor } = secrets.index;
  let settled = Math.min(byRule.pendingFrom, escapePendingFrom(raw));
  if (longestAnchor > 0) {
    const lookInto = lookWith((unpacked) => findForms(secrets.index, unpacked));
    for (const packed of [findGzip(raw, lookInto), findHexDump(raw, lookInto)]) {
      spans.push(...packed.spans);
      wholes.push(...packed.wholes);
      settled = Math.min(settled, packed.pendingFrom);
    }
    settled = Math.min(settled, tailFrom(raw, text, { length: longestAnchor + 4, before: settled }));
  }
  const merged = mergeSpans(spans);
  const last = merged.at(-1);
  if (last !== undefined && last.to >= settled) settled = Math.min(settled, last.from);
  for (const { from, to } of wholes.toReversed()) if (from < settled && settled < to) settled = from;
  return { spans: merged, settled };
}

/** Raw index of the squeezed byte that is `length` bytes before raw index `before`. */
function tailFrom(
  raw: Buffer,
  text: { starts: Int32Array; length: number },
  { length, before }: { length: number; before: number },
): number {
  let end = text.length;
  if (before < raw.length) while (end > 0 && text.starts[end - 1]! >= before) end -= 1;
  return end <= length ? 0 : text.starts[end - length]!;
}

/** Where a terminal string (OSC and the like) begins that has not ended: what follows may still turn out to be invisible. */
function escapePendingFrom(raw: Buffer): number {
  const from = raw.lastIndexOf(0x1b);
  if (from === -1 || raw.length - from > longestEscape) return raw.length;
  const isString = [0x5d, 0x50, 0x5f, 0x5e, 0x58].includes(raw[from + 1] ?? 0x5d);
  if (isString) return /[\x07\n]/.test(raw.toString('latin1', from)) ? raw.length : from;
  return raw.length - from > 32 || /[\x40-\x7e]/.test(raw.toString('latin1', from + 2)) ? raw.length : from;
}
