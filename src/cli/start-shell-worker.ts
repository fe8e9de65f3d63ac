import { createPlanLoader } from '../engine/load-plan.ts';
import type { AnnounceTo } from '../engine/runs/announce-by-webhook.ts';
import { readMailSettings } from '../engine/notices/mail-settings.ts';
import type { NoticeWish } from '../engine/runs/start-worker.ts';
import { readTraceSettings } from '../engine/trace/read-trace-settings.ts';
import type { TraceSettings } from '../engine/trace/read-trace-settings.ts';
import { startWorker } from '../engine/runs/start-worker.ts';
import type { Engine } from '../engine/runs/open-engine.ts';
import type { Worker } from '../engine/worker/open-worker.ts';
import type { Checkout } from '../engine/worker/workspaces.ts';
import { secretProviders } from '../kinds/secrets/providers.ts';
import type { LaunchReaders } from '../spec/launch/launch-readers.ts';
import { readLength } from './read-length.ts';
import type { Shell } from './shell.ts';
import { noteTrouble } from './with-run-session.ts';

/** Starts a worker of this process in a checkout of the launch. */
export async function startShellWorker(
  shell: Shell,
  engine: Engine,
  at: { directory: string; slots: number; environment: string | null },
): Promise<Worker> {
  const readers = await shell.loadReaders();
  return startWorker({
    engine,
    version: shell.version,
    slots: at.slots,
    environment: at.environment,
    stepKinds: await shell.loadStepKinds(),
    checkKinds: await shell.loadKinds(),
    secrets: { providers: secretProviders, environment: shell.env, prefix: shell.env['TMINUS_SECRET_PREFIX'] ?? null },
    ...toAnnounce(shell),
    webhooks: { allow: toAllowed(shell), directory: at.directory },
    ...toNotices(shell, at.directory, readers),
    ...toRetention(shell),
    ...toTraces(shell),
    readCheckout: createCheckoutReader(readers, at.directory),
    ...(shell.logging !== undefined && { desk: shell.logging.desk, log: shell.logging.log }),
    report: (error) => noteTrouble(shell, error),
  });
}

/** An address of the installation and not of a launch: who runs the worker says where its messages go. */
function toAnnounce({ env }: Shell): { announceTo?: AnnounceTo } {
  const url = env['TMINUS_WEBHOOK'];
  return url ? { announceTo: { url, key: env['TMINUS_WEBHOOK_KEY'] ?? null } } : {};
}

/** A mail server of the installation; without one nobody is told by mail. */
function toNotices({ env }: Shell, directory: string, readers: LaunchReaders): { notices?: NoticeWish } {
  const mail = readMailSettings(env);
  const baseUrl = env['TMINUS_URL']?.replace(/\/+$/u, '') || null;
  return mail === null ? {} : { notices: { mail, directory, readers, baseUrl } };
}

/** Hosts inside that events may be sent to: said by who runs the worker, and not by who adds a webhook. */
function toAllowed({ env }: Shell): string[] {
  return (env['TMINUS_WEBHOOK_ALLOW'] ?? '')
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

/** Traces go where the variables of OpenTelemetry say; what they say wrongly is told, and stops nothing. */
function toTraces(shell: Shell): { traces?: TraceSettings } {
  const wish = readTraceSettings(shell.env, shell.version);
  if (wish.state === 'unusable') {
    shell.terminal.err(`warning ${wish.reason}\n`);
    shell.logging?.log.write('warn', wish.reason);
  }
  return wish.state === 'on' ? { traces: wish.settings } : {};
}

/** How long events are kept, such as `400d`; all where nothing is said. */
function toRetention({ env }: Shell): { keepEventsMs?: number } {
  const length = env['TMINUS_KEEP_EVENTS'];
  return length ? { keepEventsMs: readLength('TMINUS_KEEP_EVENTS', length) } : {};
}

/** Looked at every few seconds, so that what the documents mean must not be worked out each time. */
function createCheckoutReader(readers: LaunchReaders, directory: string): () => Promise<Checkout> {
  const load = createPlanLoader(readers);
  return async () => {
    const { launch, planHash, directory: root } = await load(directory);
    return { launch: launch.id, planHash, directory: root };
  };
}
