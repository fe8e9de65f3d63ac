import { randomUUID } from 'node:crypto';

import { ProductError } from '../../core/error/product-error.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { shadowAddresses } from '../../core/rollout/shadow/shadow-declaration.ts';
import type { ShadowDeclaration } from '../../core/rollout/shadow/shadow-declaration.ts';
import type { ShadowReport } from '../../core/rollout/shadow/shadow-report.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { listenAddress } from '../../kinds/metric-sources/listen-address.ts';
import { fetchBody } from '../../kinds/metric-sources/fetch-body.ts';
import { openReportServer } from '../../kinds/shadow/open-report-server.ts';
import { openShadowTee, shadowDefaults } from '../../kinds/shadow/open-shadow-tee.ts';
import { readReport } from '../../kinds/shadow/read-report.ts';
import type { Scene } from '../scene.ts';
import { toOptions } from './open-connections.ts';
import { findRollout } from './start-shift.ts';

/** A shadow that runs in this process. */
export interface RunningShadow {
  rollout: string;
  /** Where clients ask, and where counts are read. */
  url: string;
  reportUrl: string;
  /** Rejects where copies have ended; clients are still answered. */
  report(): Promise<ShadowReport>;
  close(): Promise<void>;
}

/** A shadow as it holds in an environment. */
interface Settled {
  rollout: string;
  declared: ShadowDeclaration;
  listen: { host: string; port: number };
  stable: URL;
  canary: URL;
  report: URL;
}

/**
 * Opens the shadow that a rollout declares: a proxy before the stable arm, and the address of its counts. The secret is asked for only where a copy carries one. Throws
 * `rollout_unknown` where there is none, and `rollout_refused` where it cannot work in this environment.
 */
export async function openShadow(
  scene: Scene,
  named: string | null,
  openSecret: (name: string) => Promise<SecretValue>,
): Promise<RunningShadow> {
  const settled = settle(scene, named);
  const { declared, listen, stable, canary, report: reportAt } = settled;
  const { credential, methods, compare, ignore, sample } = declared;
  const secret = credential === null ? null : await openSecret(credential.secret);
  const headers: { [name: string]: string } = {};
  if (credential !== null && secret !== null) headers[credential.header] = secret.exposeText();
  const wish = { ...shadowDefaults, listen, stable, canary, methods, compare, ignore, sample, headers };
  const tee = await openShadowTee(wish, limitsOf(scene)).catch((error: unknown) => refuse(settled.rollout, error));
  const process = randomUUID();
  const report = async (): Promise<ShadowReport> => ({ process, routes: await tee.report() });
  const at = { host: hostOf(reportAt), port: Number(reportAt.port || 80) };
  const server = await openReportServer(at, report).catch(async (error: unknown) => {
    await tee.close();
    return refuse(settled.rollout, error);
  });
  const close = async (): Promise<void> => {
    await tee.close();
    await server.close();
    secret?.wipe();
  };
  return { rollout: settled.rollout, url: tee.url, reportUrl: server.url, report, close };
}

/** Returns what the shadow of a rollout says of itself, wherever it runs. Throws `rollout_refused` where it does not answer. */
export async function readShadow(scene: Scene, named: string | null, signal: AbortSignal): Promise<ShadowReport> {
  const { rollout, report } = settle(scene, named);
  const context = { signal, workspace: scene.directory, secret: null, now: () => Date.now(), ...limitsOf(scene) };
  const fetched = await fetchBody(new URL('/report', report), 5_000, context);
  const read = fetched.ok && fetched.status === 200 ? readReport(Buffer.from(fetched.body).toString('utf8')) : null;
  if (read !== null) return read;
  const got = fetched.ok ? `status ${fetched.status}, or something else than a report` : fetched.reason;
  throw new ProductError(
    'rollout_refused',
    `shadow of rollout ${rollout}: expected its report at ${report.host}, got ${got}`,
    {
      hint: 'begin it with "tminus shadow", and allow the address in the environment',
    },
  );
}

function limitsOf({ launch, environment }: Scene): { allow: readonly string[]; forbidden: readonly string[] } {
  return { allow: environment.allow, forbidden: environment.production ? [] : productionHosts(launch) };
}

function settle(scene: Scene, named: string | null): Settled {
  const { rollout } = findRollout(scene, named ?? onlyShadowed(scene));
  const declared = rollout.shadow;
  if (declared === null)
    throw new ProductError('rollout_unknown', `rollout ${rollout.id}: expected a shadow, got none`, {
      hint: 'declare it under shadow: of its yaml rollout fence',
    });
  const options = toOptions({ id: `shadow of rollout ${rollout.id}`, options: declared.options }, scene);
  const missing = shadowAddresses.filter((key) => options[key] === undefined);
  if (missing.length > 0)
    throw invalid(rollout.id, `${missing.join(', ')} for environment ${scene.environment.id}`, 'none');
  const listen = listenAddress.safeParse(options['listen']);
  if (!listen.success)
    throw invalid(rollout.id, 'listen: an address and a port such as 127.0.0.1:8080', options['listen']!);
  const url = (key: 'stable' | 'canary' | 'report'): URL => {
    const read = URL.parse(options[key]!);
    // What stands before TLS ends it; a credential in a document stays there for ever.
    if (read?.protocol === 'http:' && read.username === '' && read.password === '' && read.pathname === '/')
      return read;
    throw invalid(rollout.id, `${key}: an address such as http://127.0.0.1:9001`, options[key]!);
  };
  return {
    rollout: rollout.id,
    declared,
    listen: listen.data,
    stable: url('stable'),
    canary: url('canary'),
    report: url('report'),
  };
}

/** Of several rollouts the one that has a shadow. */
function onlyShadowed({ launch }: Scene): string | null {
  const found = launch.rollouts.filter(({ shadow }) => shadow !== null);
  return found.length === 1 ? found[0]!.id : null;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function invalid(rollout: string, expected: string, got: string): ProductError {
  return new ProductError('rollout_refused', `shadow of rollout ${rollout}: expected ${expected}, got ${got}`, {
    hint: 'correct it in its yaml rollout fence',
  });
}

function refuse(rollout: string, error: unknown): never {
  const got = error instanceof Error ? error.message : String(error);
  throw new ProductError(
    'rollout_refused',
    `shadow of rollout ${rollout}: expected to listen and to reach both arms, got ${got}`,
    {
      hint: 'free the address, or allow the hosts of both arms in the environment',
      cause: error,
    },
  );
}
