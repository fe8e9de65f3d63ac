import { z } from 'zod';

import type { KeptArchive } from '../../engine/data/archive/kept-archives.ts';
import type { ListedDrill } from '../../engine/data/archive/list-drills.ts';

/** An archive of a dataset that lies with the server. */
export const archiveLine = z.object({
  name: z.string(),
  writtenAt: z.string(),
  bytes: z.int(),
  sha256: z.string().nullable().describe('kept when it was written; without it no drill of the archive passes'),
});

/** A restore drill, as its signed report tells it. */
export const drillLine = z.object({
  id: z.string(),
  beganAt: z.string(),
  archive: z.string(),
  passed: z.boolean(),
  findings: z.array(z.string()),
  rows: z.int(),
  rtoMs: z.number().nullable(),
  hashes: z
    .object({ equal: z.int(), of: z.int() })
    .describe('datasets whose second export, out of the restored rows, has the hash that the archive names'),
});

/** Returns what the API shows of an archive. */
export function toArchiveLine({ name, bytes, sha256, writtenAtMs }: KeptArchive): z.input<typeof archiveLine> {
  return { name, bytes, sha256, writtenAt: new Date(writtenAtMs).toISOString() };
}

/** Returns what the API shows of a drill. */
export function toDrillLine({ report, findings }: ListedDrill): z.input<typeof drillLine> {
  const { id, beganAt, archive, entities, rtoMs } = report;
  const rows = entities.reduce((sum, { restored }) => sum + restored, 0);
  const equal = entities.filter(({ expectedSha256, computedSha256 }) => expectedSha256 === computedSha256).length;
  const hashes = { equal, of: entities.length };
  return { id, beganAt, rows, rtoMs, hashes, findings, archive: archive.uri, passed: findings.length === 0 };
}
