import { z } from 'zod';

import { auditKinds } from '../../store/audit-branches.ts';
import { readAudit } from '../../store/audit.ts';
import type { AuditRow } from '../../store/audit.ts';
import { may } from '../access.ts';
import { readAuditScope } from '../audit-scope.ts';
import { pageOf, pageQuery, readCursor, toCursor } from '../cursor-page.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const auditLine = z
  .object({
    id: z.string(),
    kind: z.enum(auditKinds),
    at: z.string().describe('when the store was told'),
    launch: z.string().nullable(),
    environment: z.string().nullable(),
    run: z.string().nullable(),
    person: z.string().nullable().describe('null where nobody did it, such as time'),
    what: z.string(),
    outcome: z.string().nullable(),
    subjects: z.array(z.object({ kind: z.string(), id: z.string() })).describe('what it is about first'),
    reason: z.string(),
    entry: z.string().nullable().describe('id of the entry in the log of the launch'),
  })
  .meta({ id: 'AuditLine' });

const words = z.string().max(300).optional();
const place = z.tuple([z.iso.datetime(), z.string().max(20), z.string().max(300)]);

/** Who did what, when, and on what evidence: from every record that is only added to, in one list. */
export const auditRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/audit',
    id: 'listAudit',
    summary:
      'What people and programs did and were not let do, the newest first: runs, answers about rights, the log, accounts, grants, holds, secrets, approvals',
    tag: 'audit',
    access: may('audit.view', 'any'),
    query: pageQuery.extend({
      kind: z.enum(auditKinds).optional(),
      launch: words,
      person: words,
      run: words,
      outcome: words.describe('refused, allowed, exception, pass, fail, unknown, go, no-go ...'),
    }),
    response: pageOf(auditLine),
    handle: async ({ parts, query, identity }) => {
      const { kind, launch = null, person = null, run = null, outcome = null, limit } = query;
      const { rows, next } = await readAudit(parts.store, {
        ...(await readAuditScope(parts, identity)),
        launch,
        person,
        run,
        outcome,
        limit,
        subject: null,
        kinds: kind === undefined ? null : [kind],
        after: readCursor(query.cursor, place),
      });
      return { items: rows.map(toAuditLine), next: next && toCursor(next) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/audit/for',
    id: 'readAuditFor',
    summary:
      'Who did what, when, and on what evidence about one thing: criterion, step, gate, run, hold, grant, approval, secret, person',
    tag: 'audit',
    access: may('audit.view', 'any'),
    query: pageQuery.extend({
      launch: words,
      subject: z
        .string()
        .max(400)
        .regex(/^[a-z]+:./u)
        .describe('KIND:ID, of a step step:RUN/STEP'),
    }),
    response: pageOf(auditLine),
    handle: async ({ parts, query, identity }) => {
      const { launch = null, subject, limit } = query;
      const { rows, next } = await readAudit(parts.store, {
        ...(await readAuditScope(parts, identity)),
        launch,
        subject,
        limit,
        kinds: null,
        person: null,
        run: null,
        outcome: null,
        after: readCursor(query.cursor, place),
      });
      return { items: rows.map(toAuditLine), next: next && toCursor(next) };
    },
  }),
];

function toAuditLine({ subjects, ...row }: AuditRow): z.input<typeof auditLine> {
  return { ...row, subjects: subjects.map(toSubject) };
}

function toSubject(text: string): { kind: string; id: string } {
  const at = text.indexOf(':');
  return { kind: text.slice(0, at), id: text.slice(at + 1) };
}
