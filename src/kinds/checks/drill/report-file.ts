import type { LogKey } from '@tminus/verify';
import { z } from 'zod';

import { drillPredicateType } from '../../../core/rollback/drill-report.ts';
import type { DrillReport } from '../../../core/rollback/drill-report.ts';
import { rollbackKinds } from '../../../core/rollback/rollback-terms.ts';
import { openReport, readPredicate, sealReport } from '../signed-report.ts';

const text = z.string().min(1);

const run = z.looseObject({
  run: text,
  state: text,
  stoodIn: z.array(text),
  events: z.looseObject({ count: z.number().int().min(0), sha256: text }),
  log: z.array(z.looseObject({ kind: text, atMs: z.number() })),
});

const report = z.looseObject({
  format: z.literal('tminus/drill/1'),
  id: text,
  launch: text,
  procedure: text,
  kind: z.enum(rollbackKinds),
  withinMs: z.number().positive(),
  ledger: text.nullable(),
  observer: text.nullish(),
  environment: text,
  simulated: z.boolean(),
  planHash: text,
  candidates: z.record(z.string(), text),
  uncommitted: z.array(z.string()).nullable(),
  beganAt: z.iso.datetime(),
  signedBy: text,
  forward: run.nullable(),
  ledgerBefore: run.nullable(),
  controls: z.array(z.looseObject({ step: text, run })),
  back: run,
});

/** Returns the file of a drill: a signed statement about plan and candidates. */
export function toDrillFile(drilled: DrillReport, key: LogKey): string {
  const { planHash, candidates } = drilled;
  const subjects = Object.entries({ plan: planHash, ...candidates });
  return sealReport(drilled, { predicateType: drillPredicateType, subjects, key });
}

/** Returns the report in a file. Throws `Unreadable` where no signature of the key that it names holds, or a part of it is missing. */
export function openDrillFile(bytes: Uint8Array): DrillReport {
  const wanted = { predicateType: drillPredicateType, what: 'drill', command: 'tminus drill' };
  return readPredicate(report, openReport(bytes, wanted)) as unknown as DrillReport;
}
