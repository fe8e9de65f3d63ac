import type { JsonObject, JsonValue } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ReadSpec } from '../../../core/check/check.ts';
import { templateFaults } from '../../../core/step/list-templates.ts';
import type { Effect, StepReader } from '../../../core/step/step-kind.ts';
import { durationSchema } from '../../checks/quantity.ts';
import { readSchema, toJsonSchema } from '../../checks/read-schema.ts';
import { describeCheck, readCheckSpec, writtenCheckSchema } from '../written-check.ts';
import { refuseStepFence } from '../step-fence.ts';

const day = 86_400_000;
/** `2h`, `90m`, `1h 30m`: the lengths that documents know. */
const lengthSchema = z
  .string()
  .regex(/^(?:[1-9]\d*(?:ms|s|m|h|d|w) ?)+$/, 'a length above zero such as 90s, 2h or 1h 30m');
/** RFC 3339 with an offset, or an offset of the count. */
const instant = z
  .string()
  .refine(
    (text) =>
      /^T[+-](?:\d+(?:s|m|h|d|w) ?)+$/.test(text) ||
      (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
        !Number.isNaN(Date.parse(text))),
    'an instant such as 2026-12-05T14:00:00Z or T+1h, or a check',
  );

const polling = {
  every: durationSchema({ min: 100, max: day, standard: 10_000 }).describe('Time from one look to the next.'),
  times: z.number().int().min(1).max(1000).default(1).describe('So many looks in a row have to pass.'),
  within: durationSchema({ min: 100, max: 30 * day, standard: 900_000 }).describe('It failed when this time is over.'),
};
const forSchema = z.strictObject({ for: lengthSchema.describe('A length of time.') });
const untilSchema = z.strictObject({ until: instant.describe('An instant, or an offset of the count.') });
const checkSchema = z.strictObject({ until: writtenCheckSchema, ...polling });
/** For the reference page, and for faults in what is none of the three. */
const wholeSchema = z.strictObject({
  for: lengthSchema.optional().describe('A length of time, waited without a worker.'),
  until: z
    .union([instant, writtenCheckSchema])
    .optional()
    .describe(
      'An instant or an offset of the count, waited without a worker; or a check that is asked until it passes.',
    ),
  ...polling,
});

/** A wait that a worker does: a check that is asked until it passes. */
export type PollSpec = z.output<typeof checkSchema>;

/** Returns the pure half of the step kind `wait` over these kinds of checks. */
export function createWaitStepReader(readers: readonly CheckReader[]): StepReader {
  return {
    kind: 'wait',
    summary: 'Waits for a length of time, until an instant, or until a check passes several times in a row.',
    jsonSchema: toJsonSchema(wholeSchema),
    readSpec: (written) => readSpec(readers, written),
    fenceLanguages: [],
    readFence: refuseStepFence,
    actionClass: () => 'long_read',
    listEffects,
    undoSpec: () => null,
  };
}

/** Whether time alone ends the wait: then core does it, and no worker. */
export function isPureWait(spec: JsonObject): boolean {
  return typeof spec['until'] !== 'object';
}

function readSpec(readers: readonly CheckReader[], written: JsonValue): ReadSpec {
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    return readSchema(wholeSchema, written);
  const known = readSchema(wholeSchema, written);
  if (!known.ok) return known;
  const { for: length, until } = written;
  if ((length === undefined) === (until === undefined))
    return {
      ok: false,
      faults: [
        {
          path: [],
          expected: 'for or until',
          got: until === undefined ? 'none of them' : 'both',
          hint: 'write one of them',
        },
      ],
    };
  if (length !== undefined) return readSchema(forSchema, written);
  return typeof until === 'string' ? readSchema(untilSchema, written) : readPolling(readers, written);
}

function readPolling(readers: readonly CheckReader[], written: JsonObject): ReadSpec {
  const read = readSchema(checkSchema, written);
  if (!read.ok) return read;
  const check = readCheckSpec(readers, read.spec['until'] as JsonObject);
  if (!check.ok) return { ok: false, faults: check.faults.map((each) => ({ ...each, path: ['until', ...each.path] })) };
  const faults = templateFaults(check.check);
  return faults.length === 0 ? { ok: true, spec: { ...read.spec, until: check.check } } : { ok: false, faults };
}

function listEffects(spec: JsonObject): Effect[] {
  if (isPureWait(spec)) {
    const what = typeof spec['for'] === 'string' ? `for ${spec['for']}` : `until ${spec['until'] as string}`;
    return [{ does: 'read', target: what, text: `waits ${what} and touches nothing` }];
  }
  const { until, times, within, every } = spec as unknown as PollSpec;
  const { kind, target } = describeCheck(until as JsonObject);
  const text = `asks a check of kind ${kind} every ${every} ms until it passes ${times} times in a row, for at most ${within} ms`;
  return [{ does: 'read', target, text }];
}
