import type { TemplateValues } from '../check/resolve-templates.ts';
import type { Environment, Launch, StepAction } from '../launch/launch.ts';
import { toVariableName } from '../step/to-variable-name.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** Why a plan must not be rehearsed. `step` is null where it is about the whole plan. */
export interface RehearsalFault {
  code: 'production_target';
  step: string | null;
  host: string | null;
  reason: string;
}

/**
 * Hosts of every environment of the launch that is production, as `host` or `host:port`, lower case and in the order of the document. A host that an
 * environment that is no production allows, or has a datastore on, is shared, and not production's own.
 */
export function productionHosts({ environments, datastores }: Pick<Launch, 'environments' | 'datastores'>): string[] {
  const others = environments.filter(({ production }) => !production);
  const shared = new Set([
    ...others.flatMap((one) => one.allow.map(toLowerCase)),
    ...others.flatMap(({ id }) => datastoreHosts(datastores, id)),
  ]);
  const own = environments
    .filter(({ production }) => production)
    .flatMap((one) => [
      ...urlHosts(one),
      ...[...one.allow.map(toLowerCase), ...datastoreHosts(datastores, one.id)].filter((host) => !shared.has(host)),
    ]);
  return [...new Set(own)];
}

/**
 * Everything that forbids to rehearse a plan (C07): an environment that is production, or a step, of the way back too, that names one of these hosts in what it does.
 * Templates, and variables that stand for them, are read as their values. What a program finds out by itself cannot be seen here; the executor refuses it.
 */
export function rehearsalFaults(
  plan: Pick<Plan, 'environment' | 'steps' | 'undoSteps'>,
  hosts: readonly string[],
  values: TemplateValues = new Map(),
): RehearsalFault[] {
  const { environment, steps, undoSteps } = plan;
  const whole: RehearsalFault[] = environment.production
    ? [
        {
          code: 'production_target',
          step: null,
          host: null,
          reason: `environment ${environment.id}: a rehearsal expects one that is not production`,
        },
      ]
    : [];
  return [...whole, ...[...steps, ...undoSteps].flatMap((step) => stepFaults(step, hosts, values))];
}

function stepFaults({ id, action }: PlannedStep, hosts: readonly string[], values: TemplateValues): RehearsalFault[] {
  if (action === null) return [];
  const texts = withValues(writtenIn(action), values);
  return hosts
    .filter((host) => texts.some((text) => namesHost(text, host)))
    .map((host) => ({
      code: 'production_target',
      step: id,
      host,
      reason: `step ${id}: a rehearsal expects no host of production, got ${host}`,
    }));
}

/** All that was written, as one text; JSON keeps every string of the spec readable. */
function writtenIn({ text, attributes, spec }: StepAction): string {
  return [text, ...Object.values(attributes), spec ? JSON.stringify(spec) : ''].join('\n');
}

function withValues(text: string, values: TemplateValues): string[] {
  const named = [...values].flatMap(([name, value]) =>
    value !== null && (text.includes(toVariableName(name)) || isTemplateIn(text, name)) ? [value] : [],
  );
  return [text, ...named];
}

function isTemplateIn(text: string, name: string): boolean {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].some(([, inner]) => inner?.trim() === name);
}

/** Whether a text names a host: in a URL in any spelling that comes to it, or bare. Without a port, a host of one port is named, too. */
export function namesHost(text: string, written: string): boolean {
  const { host, port } = splitHost(written);
  const urls = [...text.matchAll(/[a-z][a-z\d+.-]*:\/\/[^\s"'<>\\]+/gi)].flatMap(([url]) => hostOf(url) ?? []);
  if (urls.some((url) => url.host === host && isSamePort(url.port, port))) return true;
  const bare = new RegExp(
    `(?<![\\w.-])${host.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\\w-]|\\.\\w)(?::(\\d+))?`,
    'gi',
  );
  return [...text.matchAll(bare)].some(([, found]) => isSamePort(found ?? '', port));
}

function isSamePort(found: string, wanted: string): boolean {
  return found === '' || wanted === '' || found === wanted;
}

/** Hosts of the urls that datastores give for one environment. A url for every environment is nobody's own. */
function datastoreHosts(datastores: Launch['datastores'], environment: string): string[] {
  return datastores.flatMap(({ url }) => urlHosts({ url: url[environment] ?? null }));
}

function urlHosts({ url }: Pick<Environment, 'url'>): string[] {
  const found = url === null ? null : hostOf(url);
  return found ? [found.port === '' ? found.host : `${found.host}:${found.port}`] : [];
}

function hostOf(url: string): { host: string; port: string } | null {
  const parsed = URL.parse(url);
  return parsed && parsed.hostname !== '' ? { host: toLowerCase(parsed.hostname), port: parsed.port } : null;
}

function splitHost(written: string): { host: string; port: string } {
  const [, host = written, port = ''] = /^(.*?)(?::(\d+))?$/.exec(toLowerCase(written)) ?? [];
  return { host, port };
}

function toLowerCase(text: string): string {
  return text.toLowerCase();
}
