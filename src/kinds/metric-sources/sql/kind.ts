import { z } from 'zod';

import type { MetricSourceKind } from '../../../core/rollout/metric-source-kind.ts';
import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import { durationSchema } from '../../checks/quantity.ts';
import { readConnection } from '../../checks/sql/read-connection.ts';
import { findStatementFault } from '../../checks/sql/scan-statement.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import { findFaults, samplingOptions } from '../read-source-options.ts';
import { createMeasureMeter } from '../to-measure-reading.ts';
import { readRows } from './read-rows.ts';
import { toAnsweredMeasure, toStatement } from './to-statement.ts';

const forms = 'postgres://user@host/database, mysql://user@host/database or sqlite:path, without a password';
const schema = z.strictObject({
  url: z
    .string()
    .max(2_000)
    .refine((text) => /[{}]/.test(text) || readConnection(text).ok, forms),
  scrape: durationSchema({ min: 100, max: 86_400_000, standard: 15_000 }),
  timeout: samplingOptions.timeout,
});

type Faults = ReturnType<MetricSourceKind['measureFaults']>;

/** Counts that a database keeps, such as orders that failed. */
export const sqlSource: MetricSourceKind = {
  kind: 'sql',
  summary:
    'Counts of a database in one snapshot: each text is a select of arm, value and at (seconds since 1970, or a timestamp with offset).',
  faults: (options) => findFaults(schema, options),
  measureFaults: ({ counts, by }) => {
    const texts = counts.kind === 'histogram' ? { buckets: counts.buckets } : { total: counts.total, bad: counts.bad };
    return [...Object.entries(texts).flatMap(([path, text]) => statementFaults(path, text)), ...columnFaults(by)];
  },
  async open(options, context) {
    const { url, scrape, timeout } = schema.parse(options);
    const meter = createMeasureMeter({ everyMs: scrape });
    // The drivers are the slowest import of all kinds.
    const { askDatabase } = await import('./ask-database.ts');
    return {
      async read(measure) {
        try {
          const result = await askDatabase(url, toStatement(measure), { timeoutMs: timeout, context });
          return meter.take(toAnsweredMeasure(measure), readRows(result, measure, context.now()));
        } catch (error) {
          const reason = error instanceof Unreadable ? error.message : toNetworkTrouble(error, 'the database').message;
          return { state: 'error', reason };
        }
      },
      close: async () => undefined,
    };
  },
};

function statementFaults(path: string, text: string): Faults {
  const fault = findStatementFault(text);
  if (fault !== null) return [{ path, expected: fault.expected, got: fault.got, hint: fault.hint }];
  const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? '';
  if (word === 'select' || word === 'with') return [];
  return [
    {
      path,
      expected: 'a select of arm, value and at',
      got: word || 'nothing',
      hint: 'write select arm, count(*) as value, ...',
    },
  ];
}

function columnFaults(by: string | null): Faults {
  if (by === null || /^[a-z_][a-z0-9_]{0,62}$/.test(by)) return [];
  return [
    { path: 'by', expected: 'the name of a column in lower case', got: by, hint: 'name the column of the select' },
  ];
}
