import { buildRuleSet, type RuleSet } from '../find-by-rule.ts';
import type { SecretSet } from '../find-secrets.ts';
import { builtInRules } from '../rules/built-in-rules.ts';
import { searchLayers } from './search-layers.ts';

/** A secret in what was written. It says where and which, never the value. */
export interface SweepHit {
  /** `known` was handed out by us; `unknown` has the shape of a secret. */
  class: 'known' | 'unknown';
  /** Name of the secret, or id of the rule. */
  name: string;
  /** Offset in what was written, of the byte where the innermost encoding begins to hold it; of packed content where that begins. */
  at: number;
  /** The decodings that lead to it, the outermost first; empty where it stands as one of the forms that the masker knows. */
  path: readonly string[];
}

/** What a sweep found. Only one without hits and with nothing unread says that nothing leaked. */
export interface SweepReport {
  hits: SweepHit[];
  /** What could not be decoded within the bounds, and was not swept. */
  unread: { at: number; reason: string }[];
  /** How many bytes were swept. */
  swept: number;
}

/** What is swept for, and how far. */
export interface SweepInput {
  secrets: SecretSet;
  /** How many encodings may lie around a secret, beside the forms that the masker knows: 3 by default. */
  depth?: number;
}

const windowLength = 1024 * 1024;
/** What two windows share, so that a secret at their border is whole in one of them. */
const overlap = 65_536;
/** What one window may be decoded into, altogether. */
const budgetOfWindow = 48 * 1024 * 1024;
/** Offsets that may mean the same place: within encodings they are known to the word only. */
const near = 256;
/** More than this of one secret says nothing that these do not. Counted by itself: shapes of others must not crowd out what we handed out. */
const mostHits = 100;
/** Places that could not be read. */
const mostUnread = 1000;

let shapes: RuleSet | undefined;

/**
 * Decodes what was written (base64, base64url, base32, hex, percent and other escapes, quoted-printable, gzip, zlib, UTF-16, reversed) to the depth and names
 * each secret that comes out (S3). Time and memory are bounded by the windows it works in; what would go beyond is reported as unread.
 */
export async function sweep(
  written: Uint8Array | AsyncIterable<Uint8Array>,
  { secrets, depth = 3 }: SweepInput,
): Promise<SweepReport> {
  const report: SweepReport = { hits: [], unread: [], swept: 0 };
  shapes ??= buildRuleSet(builtInRules, [], null);
  for await (const { bytes, from } of windowsOf(written)) {
    report.swept = from + bytes.length;
    searchLayers(
      { bytes, path: [], level: 0, originOf: (index) => from + index },
      {
        secrets,
        rules: shapes,
        depth,
        budget: budgetOfWindow,
        found(hit) {
          const earlier = report.hits.filter(({ name, class: kind }) => name === hit.name && kind === hit.class);
          if (earlier.length < mostHits && !earlier.some((one) => isSame(one, hit))) report.hits.push(hit);
        },
        unread: (at, reason) => void (report.unread.length < mostUnread && report.unread.push({ at, reason })),
      },
    );
  }
  return report;
}

/** One secret in several encodings is found at each of them: the outermost says it all. Both are of the same name. */
function isSame(earlier: SweepHit, hit: SweepHit): boolean {
  return Math.abs(earlier.at - hit.at) <= near && earlier.path.every((step, at) => step === hit.path[at]);
}

/** What was written in windows that overlap, each with its offset. */
async function* windowsOf(
  written: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<{ bytes: Buffer; from: number }> {
  let held: Buffer[] = [];
  let length = 0;
  let from = 0;
  let isNew = false;
  for await (const chunk of written instanceof Uint8Array ? [written] : written)
    for (let at = 0; at < chunk.length;) {
      const piece = Buffer.from(chunk.subarray(at, at + windowLength - length));
      at += piece.length;
      held.push(piece);
      length += piece.length;
      isNew = true;
      if (length < windowLength) continue;
      const bytes = Buffer.concat(held);
      yield { bytes, from };
      held = [Buffer.from(bytes.subarray(windowLength - overlap))];
      from += windowLength - overlap;
      length = overlap;
      isNew = false;
    }
  if (isNew) yield { bytes: Buffer.concat(held), from };
}
