import type { CheckKind } from '../../core/check/check.ts';
import type { SecretContext, SecretProvider } from '../../core/secret/secret.ts';
import type { StepKind } from '../../core/step/step-kind.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import type { MaskDesk } from '../../mask/mask-desk.ts';
import type { LaunchReaders } from '../../spec/launch/launch-readers.ts';
import { metricSourceKinds } from '../../kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../kinds/routers/kinds.ts';
import { createTargetPolicy } from '../../kinds/target-policy.ts';
import { openGateDesk } from '../launches/gate-desk.ts';
import { openLaunchDesk } from '../launches/launch-desk.ts';
import type { Log } from '../log/open-log.ts';
import { openMonitor } from '../monitor/open-monitor.ts';
import { openUpkeep } from '../monitor/open-upkeep.ts';
import type { MailSettings } from '../notices/mail-settings.ts';
import { openNotices } from '../notices/open-notices.ts';
import type { Notices } from '../notices/open-notices.ts';
import { keepShifts } from '../rollout/keep-shifts.ts';
import type { ShiftKeeper } from '../rollout/keep-shifts.ts';
import { createSecretDesk } from '../secret/secret-desk.ts';
import { openTraceExport } from '../trace/open-trace-export.ts';
import type { TraceExporter } from '../trace/open-trace-export.ts';
import type { TraceSettings } from '../trace/read-trace-settings.ts';
import { openWorker } from '../worker/open-worker.ts';
import type { Worker } from '../worker/open-worker.ts';
import type { WorkerParts } from '../worker/worker-parts.ts';
import { openWebhooks } from '../webhook/open-webhooks.ts';
import type { Webhooks } from '../webhook/open-webhooks.ts';
import { openWorkspaces } from '../worker/workspaces.ts';
import type { Checkout, Workspaces } from '../worker/workspaces.ts';
import { announceByWebhook } from './announce-by-webhook.ts';
import type { AnnounceTo } from './announce-by-webhook.ts';
import { createStepGuard } from './guard-step.ts';
import type { Engine } from './open-engine.ts';

/** What a worker of the command line is made of. */
export interface StartWorker {
  engine: Engine;
  version: string;
  slots: number;
  /** The one environment that it works for; null for all of the launch. */
  environment: string | null;
  stepKinds: readonly StepKind[];
  checkKinds: readonly CheckKind[];
  secrets: { providers: readonly SecretProvider[] } & Pick<SecretContext, 'environment' | 'prefix'>;
  /** Where messages go beside the store; nowhere where it is left out. */
  announceTo?: AnnounceTo;
  /** Also sends events to webhooks: hosts inside that may be sent to, and the folder that relative files of their secrets start from. */
  webhooks?: { allow: readonly string[]; directory: string };
  /** Also tells people by mail; nobody where it is left out. */
  notices?: NoticeWish;
  /** Also exports traces; nobody does where it is left out. */
  traces?: TraceSettings;
  /** Events older than this are removed as far as nobody needs them; all are kept where it is left out. */
  keepEventsMs?: number;
  /** Reads the launch of the checkout that this worker has. */
  readCheckout: () => Promise<Checkout>;
  /** What this process has handed out, where its log is masked by it; a desk of its own where it is left out. */
  desk?: MaskDesk;
  /** Where a line is written for every step; nowhere where it is left out. */
  log?: Log;
  report: (error: unknown) => void;
}

/** How people are told by mail of what is about the launch in this folder. */
export interface NoticeWish {
  mail: MailSettings;
  directory: string;
  readers: LaunchReaders;
  /** Address of the cockpit, for links. */
  baseUrl: string | null;
}

/** Starts a worker with everything that holds in production: masked sinks, audited secrets, rights, approvals, gates, windows, and the monitor with its alarms. */
export async function startWorker(start: StartWorker): Promise<Worker> {
  const { engine, version, slots, stepKinds, checkKinds, report } = start;
  const { store, delivery, advancer } = engine;
  const desk = start.desk ?? openDesk(report);
  const workspaces = openWorkspaces(start.readCheckout, start.environment);
  const worker = await openWorker({
    store,
    delivery,
    advancer,
    version,
    slots,
    stepKinds,
    checkKinds,
    workspaces,
    masking: maskingBy(desk),
    openSecret: createSecretOpener(start, (name, value) => desk.add(name, value)),
    permit: createStepGuard(store),
    log: start.log ?? null,
    announce: start.announceTo === undefined ? null : announceByWebhook(start.announceTo),
    report,
  });
  const shifts = keepShiftsOf(start, workspaces, desk);
  const monitor = openMonitor(store, { report });
  const traces = start.traces === undefined ? null : openTracesOf(start, start.traces, desk);
  const upkeep = openUpkeep(store, { keepEventsMs: start.keepEventsMs ?? null, report });
  const webhooks = start.webhooks === undefined ? null : await openWebhooksOf(start, start.webhooks, desk);
  const notices = start.notices === undefined ? null : await openNoticesOf(start, start.notices, desk);
  return {
    id: worker.id,
    get slots() {
      return worker.slots;
    },
    resize: (count) => worker.resize(count),
    drain: () => worker.drain(),
    async stop(how) {
      // Shifts first: whoever goes on with one is not kept waiting by steps that have their grace.
      for (const part of [shifts, notices, webhooks, traces, upkeep, monitor]) await part?.close();
      await worker.stop(how);
    },
  };
}

function maskingBy(desk: MaskDesk): WorkerParts['masking'] {
  return {
    maskText: (text) => desk.maskText('log', text),
    createStream: () => desk.createStream('log'),
    sweep: (written) => desk.sweep(written),
  };
}

function keepShiftsOf(
  { engine, secrets, stepKinds, report }: StartWorker,
  workspaces: Workspaces,
  desk: MaskDesk,
): ShiftKeeper {
  return keepShifts({
    engine,
    kinds: { routers: routerKinds, sources: metricSourceKinds },
    workspaces,
    stepKinds,
    openSecret: ({ shift, requester, scene, name, signal }) =>
      createSecretDesk(engine.store, {
        launch: scene.launch,
        environment: scene.environment.id,
        providers: secrets.providers,
        context: { environment: secrets.environment, prefix: secrets.prefix, workspace: scene.directory, signal },
        mask: (value) => desk.add(value.name, value.exposeBytes()),
      }).openSecret(name, { actor: requester, purpose: shift }),
    report,
  });
}

function openTracesOf(
  { engine, version, report }: StartWorker,
  settings: TraceSettings,
  desk: MaskDesk,
): TraceExporter {
  return openTraceExport({
    store: engine.store,
    settings,
    version,
    maskText: (text) => desk.maskText('export', text),
    report,
  });
}

function openWebhooksOf(
  { engine, secrets, report }: StartWorker,
  { allow, directory }: NonNullable<StartWorker['webhooks']>,
  desk: MaskDesk,
): Promise<Webhooks> {
  return openWebhooks({
    store: engine.store,
    delivery: engine.delivery,
    secrets: { ...secrets, workspace: directory },
    mask: (name, value) => desk.add(name, value),
    allow,
    // Tries are the queue's, with its pauses; the policy keeps the circuit of each host.
    policy: createTargetPolicy({ retries: 0, timeoutMs: 15_000, longestPauseMs: 0 }),
    report,
  });
}

function openNoticesOf(
  { engine, secrets, report }: StartWorker,
  { mail, directory, readers, baseUrl }: NoticeWish,
  desk: MaskDesk,
): Promise<Notices> {
  return openNotices({
    store: engine.store,
    delivery: engine.delivery,
    launches: openLaunchDesk([directory], readers),
    gates: openGateDesk(engine.store),
    mail,
    baseUrl,
    secrets: { ...secrets, workspace: directory },
    mask: (name, value) => desk.add(name, value),
    maskText: (text) => desk.maskText('log', text),
    report,
  });
}

/** What this process has handed out, and must not be seen in anything that it writes. */
function openDesk(report: StartWorker['report']): MaskDesk {
  return createMaskDesk({
    rules: [],
    clock: () => new Date(),
    onRefused: ({ name, reason }) => report(new Error(`secret ${name} cannot be masked: ${reason}`)),
  });
}

function createSecretOpener(
  { engine, secrets }: StartWorker,
  mask: (name: string, value: Uint8Array) => void,
): WorkerParts['openSecret'] {
  return ({ launch, name, run, step, setting, workspace, signal }) => {
    const desk = createSecretDesk(engine.store, {
      launch,
      environment: run.plan.environment.id,
      providers: secrets.providers,
      context: { environment: secrets.environment, prefix: secrets.prefix, workspace, signal },
      mask: (value) => mask(value.name, value.exposeBytes()),
    });
    return desk.openSecret(name, { actor: setting.executor, purpose: `${run.id}/${step}` });
  };
}
