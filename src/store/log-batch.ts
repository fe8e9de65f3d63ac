import { canonicalize, leafHash, sha256Hex } from '@tminus/verify';
import type { LogEntry } from '@tminus/verify';

import { ProductError } from '../core/error/product-error.ts';
import type { LogEntryRow } from './tables.ts';

/** An entry on its way into the log, with the bytes that it speaks about. */
export interface NewEntry {
  entry: LogEntry;
  /** Bytes of the sources, in any order; those that the store has already may be left out. */
  blobs: readonly Uint8Array[];
}

/** An entry in the form in which it is stored: checked, hashed, and nothing left to decide. */
export interface PreparedEntry {
  id: string;
  leaf: string;
  /** RFC 8785 form; its UTF-8 bytes are what is hashed. */
  body: string;
  kind: LogEntryRow['kind'];
  criterion: string | null;
  observedAt: string;
  blobs: ReadonlyMap<string, Uint8Array>;
  /** Digests of sources whose bytes did not come with the entry: the store must have them. */
  wanted: readonly string[];
}

/** Returns the entry ready to be stored in the log of `launch`; throws where it belongs to another launch or has no canonical form. */
export function prepareEntry(launch: string, { entry, blobs }: NewEntry): PreparedEntry {
  const about = describe(entry);
  if (about.launch !== launch) {
    throw new ProductError('internal', `log entry of ${about.kind}: expected launch ${launch}, got ${about.launch}`, {
      hint: 'append it to the log of its own launch',
    });
  }
  const body = canonicalize(entry);
  const byDigest = new Map(blobs.map((bytes) => [sha256Hex(bytes), bytes] as const));
  const wanted = about.sources.filter((digest) => !byDigest.has(digest));
  return {
    id: sha256Hex(body),
    leaf: leafHash(body),
    body,
    kind: about.kind,
    criterion: about.criterion,
    observedAt: about.at,
    blobs: byDigest,
    wanted,
  };
}

const kinds = {
  'tminus/waiver/1': 'waiver',
  'tminus/approval/1': 'approval',
  'tminus/action-vote/1': 'action-vote',
  'tminus/step-confirmation/1': 'step-confirmation',
} as const;

interface EntrySummary {
  launch: string;
  kind: LogEntryRow['kind'];
  criterion: string | null;
  /** When it was observed, signed or decided. */
  at: string;
  sources: string[];
}

/** Returns the columns that stand beside the body of an entry; each is a copy of what the body says. */
export function describe(entry: LogEntry): EntrySummary {
  switch (entry.format) {
    case 'tminus/evidence/1':
      return {
        launch: entry.launch,
        kind: 'evidence',
        criterion: entry.criterion,
        at: entry.observedAt,
        sources: entry.sources.map((source) => source.sha256),
      };
    case 'tminus/sealed-decision/1':
      return { launch: entry.launch, kind: 'decision', criterion: null, at: entry.decidedAt, sources: [] };
    case 'tminus/signed/1': {
      const { statement } = entry;
      const waives = statement.format === 'tminus/waiver/1';
      return {
        launch: statement.launch,
        kind: kinds[statement.format],
        criterion: waives ? statement.criterion : null,
        at: statement.signedAt,
        sources: [],
      };
    }
    default:
      throw new ProductError(
        'internal',
        `log entry: expected a format of this version, got ${String((entry as { format?: unknown }).format)}`,
        { hint: 'update tminus' },
      );
  }
}
