import type { LogKey } from '@tminus/verify';
import { z } from 'zod';

import { restoreDrillPredicateType } from '../../../core/dataset/archive/restore-report.ts';
import type { RestoreReport } from '../../../core/dataset/archive/restore-report.ts';
import { openReport, readPredicate, sealReport } from '../signed-report.ts';

const count = z.number().int().min(0);
const text = z.string().min(1);
const orNull = text.nullable();

const report = z.looseObject({
  format: z.literal('tminus/restore-drill/1'),
  id: text,
  launch: text,
  planHash: text,
  candidates: z.record(z.string(), text),
  subject: z.array(text).min(1),
  archive: z.looseObject({
    uri: text,
    expectedSha256: orNull,
    computedSha256: text,
    generatedAt: orNull,
    environment: orNull,
    launch: orNull,
  }),
  validation: z.array(z.string()),
  entities: z.array(
    z.looseObject({
      entity: text,
      planned: count,
      restored: count,
      skipped: z.number().int(),
      invalid: z.number().int(),
      expectedSha256: text,
      computedSha256: orNull,
    }),
  ),
  smoke: z.array(z.looseObject({ name: text, passed: z.boolean(), detail: z.string() })),
  target: z.looseObject({
    environment: z.literal('scratch'),
    database: text,
    wasEmpty: z.boolean(),
    dropped: z.boolean(),
  }),
  phases: z.array(z.looseObject({ name: text, ms: z.number().min(0) })),
  rtoMs: z.number().min(0).nullable(),
  beganAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  stopped: orNull,
  signedBy: text,
});

/** Returns the file of a drill: a signed statement about the archive. */
export function toDrillFile(made: RestoreReport, key: LogKey): string {
  const subjects = [[made.archive.uri, made.archive.computedSha256]] as const;
  return sealReport(made, { predicateType: restoreDrillPredicateType, subjects, key });
}

/** Returns the report in a file. Throws `Unreadable` where no signature of the key that it names holds, or a part of it is missing. */
export function openDrillFile(bytes: Uint8Array): RestoreReport {
  const wanted = { predicateType: restoreDrillPredicateType, what: 'restore drill', command: 'tminus restore-drill' };
  return readPredicate(report, openReport(bytes, wanted)) as unknown as RestoreReport;
}
