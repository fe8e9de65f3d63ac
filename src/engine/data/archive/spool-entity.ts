import { open } from 'node:fs/promises';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import { createLineWriter } from '../../../core/dataset/archive/json-line.ts';
import type { ArchiveDigest, ArchiveEntity } from '../../../core/dataset/archive/manifest.ts';
import { createDigester } from './digest-file.ts';
import { splitLines } from './split-lines.ts';

/** An entity and where its rows come from. */
export interface ArchiveInput {
  entity: ArchiveEntity;
  /** Fields whose values never leave. */
  redacted: ReadonlySet<string>;
  /** Canonical lines (`toCanonLine`) in the order of the fields, sorted by the key. */
  lines: () => AsyncIterable<Uint8Array>;
}

/** A file of an entity as it was written, before it is packed. */
export interface SpooledEntity {
  rows: number;
  digest: ArchiveDigest;
  /** Lines in which something has the shape of a secret, the first few; counted from 1. */
  suspicious: number[];
}

const writeAt = 262_144;
const mostSuspicious = 5;

/** Writes the rows of an entity as lines of JSON to a file, or nowhere, and returns what it is; memory does not grow with the rows. */
export async function spoolEntity(
  { entity, redacted, lines }: ArchiveInput,
  file: string | null,
  {
    signal,
    hasSecret,
    onRows,
  }: { signal: AbortSignal; hasSecret: (line: string) => boolean; onRows: (rows: number) => void },
): Promise<SpooledEntity> {
  const toLine = createLineWriter(entity.fields, redacted);
  const digester = createDigester();
  const suspicious: number[] = [];
  const handle = file === null ? null : await open(file, 'wx', 0o600);
  let rows = 0;
  let text = '';
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text, 'utf8');
    text = '';
    digester.add(bytes);
    await handle?.writeFile(bytes);
    onRows(rows);
  };
  try {
    for await (const batch of splitLines(lines())) {
      signal.throwIfAborted();
      for (const { bytes } of batch) {
        rows += 1;
        const line = toLine(parseCanonLine(bytes.toString('utf8')));
        if (suspicious.length < mostSuspicious && hasSecret(line)) suspicious.push(rows);
        text += line;
        if (text.length >= writeAt) await flush();
      }
    }
    await flush();
  } finally {
    await handle?.close();
  }
  return { rows, digest: digester.end(), suspicious };
}
