import { z } from 'zod';

import { keepBrowserReports, listBrowserReports } from '../../store/browser-report.ts';
import { may, open } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { readReports } from '../read-browser-reports.ts';

const browserReport = z
  .object({
    id: z.string(),
    at: z.string(),
    kind: z.string(),
    page: z.string(),
    seen: z.int(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'BrowserReport' });

/** What browsers refused to do under the policy of our pages. */
export const browserReportRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/browser-reports',
    id: 'reportFromBrowser',
    summary: 'Takes violation reports of the content security policy (CSP level 3, Reporting API)',
    tag: 'security',
    access: open,
    body: z.unknown(),
    status: 204,
    handle: async ({ body, parts }) => keepBrowserReports(parts.store, readReports(body)),
  }),
  defineRoute({
    method: 'GET',
    path: '/browser-reports',
    id: 'listBrowserReports',
    summary: 'Violation reports, the newest first',
    tag: 'security',
    access: may('grant.give', 'any'),
    response: z.object({ items: z.array(browserReport) }),
    handle: async ({ parts }) => ({ items: await listBrowserReports(parts.store, 200) }),
  }),
];
