import type { Approval, LogEntry, Signed, Waiver } from '@tminus/verify';

import type { LoggedEvidence } from './evidence-faults.ts';
import { toInstantMs } from './instant.ts';

/** A log entry with its id: the SHA-256 of its RFC 8785 form, as the log already knows it. */
export interface LoggedEntry {
  id: string;
  entry: LogEntry;
}

export interface Logged<Entry> {
  id: string;
  entry: Entry;
}

/** The entries of one log, by what they speak about. Order and repetition of the input leave no trace. */
export interface LogIndex {
  evidence: ReadonlyMap<string, LoggedEvidence[]>;
  waivers: ReadonlyMap<string, Logged<Signed<Waiver>>[]>;
  votes: ReadonlyMap<string, Logged<Signed<Approval>>[]>;
}

/** Sorts the log into evidence and waivers by criterion, and votes by gate; an id that comes twice counts once. Votes on actions and confirmed steps decide no gate. */
export function indexLog(entries: readonly LoggedEntry[]): LogIndex {
  const evidence = new Map<string, LoggedEvidence[]>();
  const waivers = new Map<string, Logged<Signed<Waiver>>[]>();
  const votes = new Map<string, Logged<Signed<Approval>>[]>();
  const seen = new Set<string>();
  for (const { id, entry } of entries) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (entry.format === 'tminus/evidence/1') {
      put(evidence, entry.criterion, { id, entry, observedMs: toInstantMs(entry.observedAt) ?? Infinity });
    } else if (entry.format === 'tminus/signed/1') {
      if (isWaiver(entry)) put(waivers, entry.statement.criterion, { id, entry });
      else if (isApproval(entry)) put(votes, entry.statement.gate, { id, entry });
    }
  }
  return { evidence, waivers, votes };
}

type SignedEntry = Extract<LogEntry, { format: 'tminus/signed/1' }>;

function isWaiver(entry: SignedEntry): entry is Signed<Waiver> {
  return entry.statement.format === 'tminus/waiver/1';
}

function isApproval(entry: SignedEntry): entry is Signed<Approval> {
  return entry.statement.format === 'tminus/approval/1';
}

function put<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
