import { z } from 'zod';

import { readingTypes } from '../../spec/reading/reading-node.ts';

const target = z
  .object({
    kind: z.enum(['external', 'document', 'file', 'anchor']),
    value: z.string().describe('an http, https or mailto address, or a path of the launch repository'),
    fragment: z.string(),
  })
  .meta({ id: 'LinkTarget' });

/** A node of a document. Nothing in it can run or load; fields that do not apply are left out. */
export const readingNode = z
  .object({
    type: z.enum(readingTypes),
    line: z.int(),
    text: z.string().optional(),
    level: z.int().optional(),
    anchor: z.string().optional(),
    ordered: z.boolean().optional(),
    checked: z.boolean().optional(),
    label: z.string().optional(),
    to: target.optional(),
    align: z.array(z.enum(['left', 'right', 'center']).nullable()).optional(),
    get children() {
      return z.array(readingNode).optional();
    },
  })
  .meta({ id: 'ReadingNode' });

const place = { file: z.string(), line: z.int(), column: z.int() };

/** What lint says about a line. */
export const findingView = z
  .object({
    code: z.string(),
    severity: z.enum(['blocking', 'warning', 'info']),
    message: z.string(),
    ...place,
    expected: z.string(),
    got: z.string(),
    hint: z.string(),
    related: z.array(z.object({ ...place, note: z.string() })),
  })
  .meta({ id: 'Finding' });

/** A document in a list. */
export const documentLine = z
  .object({
    path: z.string(),
    title: z.string().nullable().describe('its first heading'),
    kind: z
      .enum(['launch', 'runbook', 'procedure', 'doc', 'plan'])
      .nullable()
      .describe('null where no launch can be read'),
    lines: z.int(),
    blocking: z.int(),
    warning: z.int(),
    info: z.int(),
  })
  .meta({ id: 'DocumentLine' });

export const markView = z
  .object({
    line: z.int(),
    kind: z.enum(['criterion', 'step']),
    state: z.string().describe('outcome of a criterion, state of a step'),
    note: z.string(),
    run: z.string().nullable(),
  })
  .meta({ id: 'StandingMark' });

/** What a draft would do, or has done. */
export const draftFields = {
  findings: z.array(findingView),
  readable: z.boolean().describe('false where no launch could be read with it'),
  changesPlan: z.boolean().describe('whether evidence and votes that name the plan of now would no longer count'),
  authority: z
    .array(z.string())
    .nullable()
    .describe('what it changes of who may do what: saving wants grant.give then; null where that cannot be told'),
};
