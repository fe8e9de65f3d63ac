import { decodeBase64 } from './base64.ts';
import { FormatError, quoteShort } from './format-error.ts';
import type { LogKey, LogVerifier } from './log-key.ts';
import { parseNote, signNote, verifyNote } from './signed-note.ts';

/** The head of a log: everything that its signature speaks about. */
export interface Checkpoint {
  /** Identity of the log; also the name of its key. */
  origin: string;
  size: number;
  /** Root over the first `size` leaves, lower-case hex. */
  root: string;
  /** Opaque further lines; Tminus writes none. */
  extensions: string[];
}

/** The text that is signed (C2SP tlog-checkpoint, "Note text"). */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), Buffer.from(root, 'hex').toString('base64'), ...extensions];
  const text = `${lines.join('\n')}\n`;
  // Reading it back refuses an origin with a line break or a size with a fraction before anything is signed.
  parseCheckpointText(text, 'checkpoint');
  return text;
}

/** A checkpoint note for a tree head, signed by the log's key; its origin is the name of the key. */
export function signCheckpoint(head: { size: number; root: string }, key: LogKey): string {
  return signNote(formatCheckpoint({ origin: key.name, size: head.size, root: head.root, extensions: [] }), [key]);
}

/** What a checkpoint note says, without believing it; `where` names it in errors. */
export function parseCheckpoint(note: string, where = 'checkpoint'): Checkpoint {
  return parseCheckpointText(parseNote(note, where).text, where);
}

/** What a checkpoint note says, once `key` is known to have signed it and the origin is the name of the key. */
export function verifyCheckpoint(note: string, key: LogVerifier, where = 'checkpoint'): Checkpoint {
  const parsed = parseNote(note, where);
  const checkpoint = parseCheckpointText(parsed.text, where);
  if (checkpoint.origin !== key.name) {
    throw new FormatError({
      where: `${where} line 1`,
      expected: `origin ${key.name}`,
      got: quoteShort(checkpoint.origin),
    });
  }
  verifyNote(parsed, key, where);
  return checkpoint;
}

function parseCheckpointText(text: string, where: string): Checkpoint {
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  const refuse = (line: number, expected: string, got: string): FormatError =>
    new FormatError({ where: `${where} line ${line}`, expected, got: quoteShort(got) });
  if (origin === '') throw refuse(1, 'the origin of the log', origin);
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw refuse(2, 'the tree size in decimal without leading zeroes', size);
  if (!Number.isSafeInteger(Number(size))) throw refuse(2, 'a tree size below 2^53', size);
  const hash = decodeBase64(root, `${where} line 3`);
  if (hash.length !== 32) throw refuse(3, 'the root hash, 32 bytes in base64', root);
  const empty = extensions.indexOf('');
  if (empty >= 0) throw refuse(4 + empty, 'an extension line that is not empty', '');
  return { origin, size: Number(size), root: hash.toString('hex'), extensions };
}
