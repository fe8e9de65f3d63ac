import { z } from 'zod';

import { place } from './launch-view.ts';

const source = z.object({ name: z.string(), mediaType: z.string(), sha256: z.string(), size: z.int() });

/** A node of the explanation; its children are nodes again. */
const decisionNode = z
  .object({
    id: z.string(),
    kind: z.string(),
    title: z.string(),
    outcome: z.enum(['pass', 'fail', 'unknown']),
    standing: z.enum([
      'met',
      'failed',
      'missing',
      'stale',
      'unreadable',
      'simulated',
      'cannot-fail',
      'waived',
      'open',
      'condition',
      'void',
    ]),
    need: z.union([z.enum(['all', 'any']), z.int()]),
    expected: z.string(),
    got: z.string(),
    owner: z.string().nullable(),
    at: place.nullable(),
    evidence: z
      .object({
        id: z.string(),
        observedAt: z.string(),
        durationMs: z.number(),
        sources: z.array(source),
        superseded: z.array(z.string()),
      })
      .nullable(),
    get children() {
      return z.array(decisionNode);
    },
  })
  .meta({ id: 'DecisionNode' });

const action = z.object({
  id: z.string(),
  verb: z.string(),
  subject: z.string(),
  text: z.string(),
  owner: z.string().nullable(),
});

const outcome = z.enum(['go', 'go-with-conditions', 'no-go']);

/** A decision with every reason, down to the digests of the bytes. */
export const decisionView = z
  .object({
    launch: z.string(),
    gate: z.string(),
    phase: z.string(),
    planHash: z.string(),
    candidateSha256: z.string(),
    environment: z.string(),
    decidedAt: z.string(),
    outcome,
    evidenceRoot: z.string(),
    subjectSha256: z.string().describe('what a vote signs'),
    tree: decisionNode,
    conditions: z.array(
      z.object({ criterion: z.string(), title: z.string(), by: z.string(), owner: z.string().nullable() }),
    ),
    waivers: z.array(
      z.object({ criterion: z.string(), reason: z.string(), person: z.string(), expiresAt: z.string() }),
    ),
    shortestWay: z.array(action).nullable().describe('null where no set of actions leads to GO'),
  })
  .meta({ id: 'Decision' });

/** A gate in a list. */
export const gateLine = z
  .object({
    id: z.string(),
    title: z.string(),
    phase: z.string(),
    offsetMs: z.number().nullable(),
    outcome,
    met: z.int().describe('criteria that are met'),
    criteria: z.int(),
    actions: z.array(action).nullable(),
    decidedAt: z.string(),
  })
  .meta({ id: 'GateLine' });
