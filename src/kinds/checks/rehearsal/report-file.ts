import type { LogKey } from '@tminus/verify';
import { z } from 'zod';

import { rehearsalPredicateType } from '../../../core/rehearsal/rehearsal-report.ts';
import type { RehearsalReport } from '../../../core/rehearsal/rehearsal-report.ts';
import { openReport, readPredicate, sealReport } from '../signed-report.ts';

const count = z.number().int().min(0);
const text = z.string().min(1);

const pass = z.looseObject({
  id: text,
  run: text,
  takesBack: z.boolean(),
  state: text,
  findings: z.array(z.string()),
  faults: z.record(z.string(), text),
  missed: z.array(text),
  worked: z.array(text),
  events: z.looseObject({ count, sha256: text }),
  log: z.array(z.looseObject({ kind: text, atMs: z.number() })).nullable(),
});

const control = z.looseObject({
  of: text,
  part: z.enum(['step', 'stop', 'return']),
  kind: text,
  outcome: z.enum(['pass', 'fail', 'unknown', 'not_judged']),
});

const report = z.looseObject({
  format: z.literal('tminus/rehearsal/1'),
  id: text,
  launch: text,
  procedure: text,
  environment: text,
  planHash: text,
  candidates: z.record(z.string(), text),
  depth: z.enum(['quick', 'full']),
  uncommitted: z.array(z.string()).nullable(),
  beganAt: z.iso.datetime(),
  signedBy: text,
  planned: z.array(text),
  passes: z.array(pass),
  controls: z.array(control),
});

/** Returns the file of a rehearsal: a signed statement about plan and candidates. */
export function toReportFile(rehearsed: RehearsalReport, key: LogKey): string {
  const { planHash, candidates } = rehearsed;
  const subjects = Object.entries({ plan: planHash, ...candidates });
  return sealReport(rehearsed, { predicateType: rehearsalPredicateType, subjects, key });
}

/** Returns the report in a file. Throws `Unreadable` where no signature of the key that it names holds, or a part of it is missing. */
export function openReportFile(bytes: Uint8Array): RehearsalReport {
  const wanted = { predicateType: rehearsalPredicateType, what: 'rehearsal', command: 'tminus rehearse' };
  return readPredicate(report, openReport(bytes, wanted)) as unknown as RehearsalReport;
}
