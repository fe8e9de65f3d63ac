import { resolveText } from '../../core/check/resolve-templates.ts';
import { toTemplateValues } from '../../core/check/template-values.ts';
import type { Environment, Launch } from '../../core/launch/launch.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import type { MetricSession, MetricSourceKind } from '../../core/rollout/metric-source-kind.ts';
import { optionsIn } from '../../core/rollout/rollout.ts';
import type { MetricSource, Router } from '../../core/rollout/rollout.ts';
import { RouterTrouble } from '../../core/rollout/router-kind.ts';
import type { RouterAbilities, RouterContext, RouterKind, RouterSession } from '../../core/rollout/router-kind.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import type { DeclaredShift } from '../../store/rollout.ts';
import type { Scene } from '../scene.ts';
import { coverRouter, coverSource, openCover } from './cover-sessions.ts';

/** The kinds of routers and metric sources that this installation has. */
export interface TrafficKinds {
  routers: readonly RouterKind[];
  sources: readonly MetricSourceKind[];
}

/** For whom connections are opened, and under which limits. */
export interface ConnectionSetting {
  scene: Pick<Scene, 'launch' | 'environment' | 'directory' | 'candidate' | 'planHash'>;
  kinds: TrafficKinds;
  openSecret: (name: string, signal: AbortSignal) => Promise<SecretValue>;
  signal: AbortSignal;
  now: () => number;
}

/** Sessions of everything that a shift moves and is judged by. */
export interface Connections {
  routers: ReadonlyMap<string, RouterSession>;
  sources: ReadonlyMap<string, MetricSession>;
  close(): Promise<void>;
}

/**
 * Returns sessions that connect when they are first asked, and again after a connection that could not be made: what is down today is trouble of one look, and not
 * of the shift. What sessions say holds no secret that they were given: it goes into journals. An environment that is not production has nothing to do with the hosts of one that is (C07).
 */
export function openConnections(
  { routers, sources }: Pick<DeclaredShift, 'routers' | 'sources'>,
  setting: ConnectionSetting,
): Connections {
  const cover = openCover(setting.now);
  const covered = { ...setting, openSecret: cover.known(setting.openSecret) };
  const toRouters = new Map(
    routers.map((one) => [
      one.id,
      coverRouter(
        lazyRouter(() => openRouter(one, covered)),
        cover,
      ),
    ]),
  );
  const toSources = new Map(
    sources.map((one) => [
      one.id,
      coverSource(
        lazySource(() => openSource(one, covered), knowsAlerts(one, setting)),
        cover,
      ),
    ]),
  );
  return {
    routers: toRouters,
    sources: toSources,
    close: async () => {
      const all = [...toRouters.values(), ...toSources.values()];
      await Promise.allSettled(all.map((session) => session.close()));
    },
  };
}

/** What is believed of a router that was never reached. */
const noAbilities: RouterAbilities = { sticky: false, loss: null, flips: false, drains: false, counts: false };

function lazyRouter(open: () => Promise<RouterSession>): RouterSession {
  const held = holdOpen(open);
  return {
    get abilities() {
      return held.current()?.abilities ?? noAbilities;
    },
    read: async () => (await held.get()).read(),
    set: async (weight) => (await held.get()).set(weight),
    drain: async (arm) => (await held.get()).drain(arm),
    restore: async (before) => (await held.get()).restore(before),
    close: () => held.close(),
  };
}

/** Whether silence of this source may hide an incident. */
function knowsAlerts({ kind }: MetricSource, { kinds }: ConnectionSetting): boolean {
  return kinds.sources.find((one) => one.kind === kind)?.knowsAlerts === true;
}

function lazySource(open: () => Promise<MetricSession>, isAlerting: boolean): MetricSession {
  const held = holdOpen(open);
  return {
    read: async (measure) => (await held.get()).read(measure),
    ...(isAlerting && {
      alerts: async (launch: string) =>
        (await (await held.get()).alerts?.(launch)) ?? { state: 'error', reason: 'it tells no alerts' },
    }),
    close: () => held.close(),
  };
}

interface Held<Session> {
  get(): Promise<Session>;
  current(): Session | null;
  close(): Promise<void>;
}

function holdOpen<Session extends { close(): Promise<void> }>(open: () => Promise<Session>): Held<Session> {
  let opening: Promise<Session> | null = null;
  let current: Session | null = null;
  const openNow = async (): Promise<Session> => {
    try {
      return (current = await open());
    } catch (error) {
      opening = null;
      throw error;
    }
  };
  return {
    get: () => (opening ??= openNow()),
    current: () => current,
    close: async () => {
      await opening?.catch(() => undefined);
      await current?.close();
    },
  };
}

async function openRouter(router: Router, setting: ConnectionSetting): Promise<RouterSession> {
  const kind = setting.kinds.routers.find((one) => one.kind === router.kind);
  if (kind === undefined) throw unknownKind('router', router);
  const options = toOptions(router, setting.scene);
  return withSecret(router, setting, (secret) => kind.open(options, { ...toContext(setting), secret }));
}

async function openSource(source: MetricSource, setting: ConnectionSetting): Promise<MetricSession> {
  const kind = setting.kinds.sources.find((one) => one.kind === source.kind);
  if (kind === undefined) throw unknownKind('metric source', source);
  const options = toOptions(source, setting.scene);
  return withSecret(source, setting, (secret) => kind.open(options, { ...toContext(setting), secret }));
}

/** The secret stays open as long as the signal: sessions connect anew. */
async function withSecret<Session>(
  { secret: name }: { secret: string | null },
  { openSecret, signal }: ConnectionSetting,
  open: (secret: SecretValue | null) => Promise<Session>,
): Promise<Session> {
  if (name === null) return open(null);
  const secret = await openSecret(name, signal);
  signal.addEventListener('abort', () => secret.wipe(), { once: true });
  return open(secret);
}

/** Returns the options that hold in the environment of a scene; they may name the candidate and the environment, as checks do. */
export function toOptions(
  { id, options }: Pick<Router, 'id' | 'options'>,
  scene: ConnectionSetting['scene'],
): { [key: string]: string } {
  const values = toTemplateValues(scene);
  const written = Object.entries(optionsIn(options, scene.environment.id));
  return Object.fromEntries(
    written.map(([key, text]) => {
      const resolved = resolveText(text, values);
      if (resolved.ok) return [key, resolved.text];
      throw new RouterTrouble('configuration', `${key} of ${id}: expected templates that are known, got ${text}`);
    }),
  );
}

function toContext({ scene, signal, now }: ConnectionSetting): Omit<RouterContext, 'secret'> {
  const { environment, directory: workspace, launch } = scene;
  return { signal, workspace, allow: environment.allow, forbidden: forbiddenIn(launch, environment), now };
}

function forbiddenIn(launch: Launch, { production }: Environment): readonly string[] {
  return production ? [] : productionHosts(launch);
}

function unknownKind(what: string, { id, kind }: { id: string; kind: string }): RouterTrouble {
  return new RouterTrouble('configuration', `${what} ${id}: expected a kind that this installation has, got ${kind}`);
}
