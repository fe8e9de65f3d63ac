import { readNames, namePattern } from './names.ts';
import { DumpFault } from './scan-tuple.ts';
import type { StringRules } from './scan-tuple.ts';

/** What statements before an insert say of its values. */
export interface DumpSettings extends StringRules {
  /** Of the text of statements, in the words of MySQL; `binary` where each column is in its own. */
  charset: string;
  /** Offset of the session, such as `+00:00`; null where the dump does not say. */
  zone: string | null;
  /** Database that names without one belong to; empty before the first `USE`. */
  database: string;
}

/** Returns what holds at the beginning of a dump. */
export function createSettings(charset: string, zone: string | null): DumpSettings {
  return { charset, zone, database: '', backslashEscapes: true };
}

const database = new RegExp(`^USE\\s+(${namePattern})`, 'i');
/** In these a byte of a character can be a backslash: a reader of bytes would take it for an escape. */
const ambiguous = /^(?:gbk|gb18030|big5|sjis|cp932)$/i;

/** Takes up what a `SET` or `USE` says; anything else changes nothing. */
export function applySetting(settings: DumpSettings, statement: string): void {
  const used = database.exec(statement)?.[1];
  if (used !== undefined) settings.database = readNames(used)[0] ?? '';
  if (!/^SET\b/i.test(statement)) return;
  const charset = /^SET\s+NAMES\s+['"]?(\w+)/i.exec(statement)?.[1];
  if (charset !== undefined && !/^default$/i.test(charset)) settings.charset = readCharset(charset);
  settings.zone = /[\s,.@]TIME_ZONE\s*=\s*'([+-]\d\d?:\d\d)'/i.exec(statement)?.[1] ?? settings.zone;
  const mode = /[\s,.@]SQL_MODE\s*=\s*'([^']*)'/i.exec(statement)?.[1];
  if (mode !== undefined) settings.backslashEscapes = !/\bNO_BACKSLASH_ESCAPES\b/i.test(mode);
}

function readCharset(name: string): string {
  if (ambiguous.test(name))
    throw new DumpFault(
      0,
      `expected a dump in utf8mb4, got ${name.toLowerCase()}: write it with --default-character-set=utf8mb4`,
      'charset',
    );
  return name.toLowerCase();
}
