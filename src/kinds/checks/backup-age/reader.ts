import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { judgeBackups } from '../../../core/dataset/archive/judge-backups.ts';
import { splitMoment, toMomentSource } from '../moment.ts';
import { refuseFence } from '../no-fence.ts';
import { decodeText } from '../decode-text.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { backupAgeSchema } from './schema.ts';
import type { BackupAgeSpec } from './schema.ts';

/** What is asked of every store. */
export const questions = ['backup', 'drill'] as const;

/** Ages of backups and of drills, each by the answer of a program that the document names; whatever is not known is not met. */
export const backupAgeReader: CheckReader = {
  kind: 'backup-age',
  summary:
    'Asks of each store when it was last backed up and last restored for good measure, and holds both against how often that is due.',
  jsonSchema: toJsonSchema(backupAgeSchema),
  readSpec: (written) => readSchema(backupAgeSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['late == 0'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      const { stores } = spec as unknown as BackupAgeSpec;
      const asked = Object.entries(stores).map(([name, { backupEvery, drillEvery }]) => ({
        store: name,
        backupAtMs: readAnswer(rest, `${name}.backup`),
        backupEveryMs: backupEvery,
        drillAtMs: readAnswer(rest, `${name}.drill`),
        drillEveryMs: drillEvery,
      }));
      const standings = judgeBackups(asked, nowMs);
      const early = standings.find(({ backupAgeMs, drillAgeMs }) => Math.min(backupAgeMs, drillAgeMs) < -clockSkewMs);
      if (early)
        throw new Unreadable('stale', `${early.store}: expected an instant of the past, got one ahead of the clock`);
      return {
        stores: standings.map((standing): JsonObject => ({ ...standing })),
        count: standings.length,
        late: standings.filter(({ backupLate, drillLate }) => backupLate || drillLate).length,
      };
    }),
  negativeControl(spec) {
    const { stores } = spec as unknown as BackupAgeSpec;
    const bytes = new TextEncoder().encode('1990-01-01T00:00:00Z\n');
    const answers = Object.keys(stores).flatMap((name) =>
      questions.map((question) => ({ name: `${name}.${question}`, mediaType: 'text/plain', bytes })),
    );
    return [...answers, toMomentSource(Date.parse('2000-01-01T00:00:00Z'))];
  },
};

/** Clocks of two machines may differ by this much; an instant further ahead would stay young for ever. */
const clockSkewMs = 60_000;
/** RFC 3339, and a day that there is: `Date.parse` takes February 30th for March 2nd. */
const instant = z.iso.datetime({ offset: true });

/** The answer is one line. More than one would leave open which of them is meant. */
function readAnswer(sources: readonly ObservedSource[], name: string): number {
  const [source, ...others] = sources.filter((one) => one.name === name);
  if (source === undefined) throw new Unreadable('missing', `${name}: expected an answer, got none`);
  if (others.length > 0) throw new Unreadable('contradiction', `${name}: expected one answer, got several`);
  const text = decodeText(source.bytes).trim();
  if (instant.safeParse(text).success) return Date.parse(text);
  throw new Unreadable(
    'malformed',
    `${name}: expected one instant such as 2026-11-21T04:00:00Z, got ${text === '' ? 'nothing' : 'something else'}`,
  );
}
