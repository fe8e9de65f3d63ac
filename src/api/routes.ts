import type { Route } from './route.ts';
import { acceptanceRoutes } from './routes/acceptance.ts';
import { accountRoutes } from './routes/accounts.ts';
import { approvalVoteRoutes } from './routes/approval-votes.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { archiveRoutes } from './routes/archives.ts';
import { auditRoutes } from './routes/audit.ts';
import { browserReportRoutes } from './routes/browser-reports.ts';
import { checkRoutes } from './routes/checks.ts';
import { confirmationRoutes } from './routes/confirmations.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { demoRoutes } from './routes/demo.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { fixRoutes } from './routes/fixes.ts';
import { gateRoutes } from './routes/gates.ts';
import { grantRoutes } from './routes/grants.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home.ts';
import { importRoutes } from './routes/imports.ts';
import { launchRoutes } from './routes/launches.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { noticeRoutes } from './routes/notices.ts';
import { outlookRoutes } from './routes/outlook.ts';
import { ownRoutes } from './routes/own.ts';
import { passkeyRoutes } from './routes/passkeys.ts';
import { pollRoutes } from './routes/polls.ts';
import { queueRoutes } from './routes/queue.ts';
import { recurringRoutes } from './routes/recurring.ts';
import { rehearsalRoutes } from './routes/rehearsals.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { drillAttestationRoutes } from './routes/drill-attestations.ts';
import { rolloutRoutes } from './routes/rollouts.ts';
import { runDeedRoutes } from './routes/run-deeds.ts';
import { runOutlookRoutes } from './routes/run-outlook.ts';
import { runRecordRoutes } from './routes/run-records.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { setupRoutes } from './routes/setup.ts';
import { standingHoldRoutes } from './routes/standing-holds.ts';
import { statementRoutes } from './routes/statements.ts';
import { statusRoutes } from './routes/status.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { workerRoutes } from './routes/workers.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** Every route of the API, by noun. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...ownRoutes,
  ...setupRoutes,
  ...accountRoutes,
  ...sessionRoutes,
  ...tokenRoutes,
  ...passkeyRoutes,
  ...grantRoutes,
  ...queueRoutes,
  ...workerRoutes,
  ...statusRoutes,
  ...metricsRoutes,
  ...homeRoutes,
  ...noticeRoutes,
  ...launchRoutes,
  ...outlookRoutes,
  ...gateRoutes,
  ...pollRoutes,
  ...checkRoutes,
  ...statementRoutes,
  ...documentRoutes,
  ...reviewRoutes,
  ...evidenceRoutes,
  ...auditRoutes,
  ...acceptanceRoutes,
  ...runRoutes,
  ...runRecordRoutes,
  ...runOutlookRoutes,
  ...runDeedRoutes,
  ...confirmationRoutes,
  ...standingHoldRoutes,
  ...recurringRoutes,
  ...rehearsalRoutes,
  ...datasetRoutes,
  ...archiveRoutes,
  ...importRoutes,
  ...fixRoutes,
  ...rolloutRoutes,
  ...drillAttestationRoutes,
  ...approvalRoutes,
  ...approvalVoteRoutes,
  ...eventRoutes,
  ...browserReportRoutes,
  ...demoRoutes,
  ...webhookRoutes,
];
