import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { JsonValue } from '@tminus/verify';

import { durationSchema, sizeSchema } from './quantity.ts';
import { readSchema, toJsonSchema } from './read-schema.ts';

const schema = z.strictObject({
  host: z.string().min(1),
  mode: z.enum(['fast', 'thorough']).default('fast'),
  tries: z.number().int().min(1).max(5).default(1),
  nested: z.strictObject({ depth: z.number(), names: z.array(z.string()).default([]) }).optional(),
  who: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  timeout: durationSchema({ min: 1, max: 60_000, standard: 1000 }),
  limit: sizeSchema({ min: 1, max: 1024 ** 2, standard: 1024 }),
});

function faults(written: JsonValue) {
  const read = readSchema(schema, written);
  return read.ok ? [] : read.faults.map(({ path, expected, got, hint }) => [path.join('.'), expected, got, hint]);
}

describe('what is written for a check', () => {
  it('is filled up with defaults, and a stored spec reads as itself', () => {
    const read = readSchema(schema, { host: 'a', timeout: '5s', limit: '64KiB' });
    expect(read).toEqual({ ok: true, spec: { host: 'a', mode: 'fast', tries: 1, timeout: 5000, limit: 65_536 } });
    expect(readSchema(schema, read.ok ? read.spec : null)).toEqual(read);
  });

  it('O18 names every fault at once: the place, what is wanted, what is there, what to do', () => {
    expect(
      faults({
        hosd: 'a',
        mode: 'fats',
        tries: 9,
        nested: { depht: 1, depth: 'x', names: [1] },
        who: 5,
        timeout: 'soon',
        limit: '2MiB',
      }),
    ).toEqual([
      ['host', 'a text', 'nothing', 'add host'],
      ['mode', 'one of fast, thorough', '"fats"', 'did you mean fast?'],
      ['tries', 'at most 5', '9', 'correct the value'],
      ['nested.depth', 'a number', '"x"', 'correct the value'],
      ['nested.names.0', 'a text', '1', 'correct the value'],
      ['nested.depht', 'one of depth, names', 'depht', 'did you mean depth?'],
      ['who', 'a text or a list', '5', 'write one of the forms'],
      ['timeout', 'a duration such as 500ms, 5s or 2m, from 1 to 60000', '"soon"', 'correct the value'],
      ['limit', 'a size such as 64KiB or 10MB, from 1 to 1048576', '"2MiB"', 'correct the value'],
      ['hosd', 'one of host, mode, tries, nested, who, timeout, limit', 'hosd', 'did you mean host?'],
    ]);
  });

  it.each(['1.5.5s', '5 parsecs', '-1s', '', '1s1s', '1e3'])('takes %j for no duration', (timeout) => {
    expect(faults({ host: 'a', timeout }).map(([path]) => path)).toEqual(['timeout']);
  });

  it('O18 is told as JSON Schema of what may be written', () => {
    expect(toJsonSchema(schema)).toMatchObject({
      type: 'object',
      required: ['host'],
      additionalProperties: false,
      properties: { mode: { enum: ['fast', 'thorough'] } },
    });
  });
});
