import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

import { describeFileError } from '../../core/error/describe-file-error.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { controlFault } from '../../core/gate/evidence-faults.ts';
import { findCriterion } from '../../core/launch/find-criterion.ts';
import type { SecretContext } from '../../core/secret/secret.ts';
import { SecretValue } from '../../core/secret/secret-value.ts';
import { runChecks } from '../../engine/run-checks.ts';
import { rotateSecret } from '../../engine/secret/rotate-secret.ts';
import type { Validation } from '../../engine/secret/rotate-secret.ts';
import { createSecretDesk } from '../../engine/secret/secret-desk.ts';
import type { SecretDesk } from '../../engine/secret/secret-desk.ts';
import { surveySecrets } from '../../engine/secret/survey-secrets.ts';
import type { SecretStanding } from '../../engine/secret/survey-secrets.ts';
import { secretProviders } from '../../kinds/secrets/providers.ts';
import { secretWriters } from '../../kinds/secrets/writers.ts';
import { readRegularFile } from '../../spec/read-regular-file.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import { toInert } from '../inert.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';
import type { GiverOptions } from './grant.ts';

/**
 * Looks whether every declared secret can be had and how old it is; never shows one. Every access is in the audit: in the name of `--as`, else of the
 * installation. `gate` makes whatever is not in order end with 4: missing, overdue, interrupted, and of unknown age unless that is let pass.
 */
export async function surveyOf(
  shell: Shell,
  options: GiverOptions & { gate: boolean; allowUnknownAge?: boolean },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    const actor = options.as === undefined ? null : readSigner(shell, scene, { ...options, as: options.as }).person.id;
    const nowMs = Date.parse(await readNow(store));
    const setting = { launch: scene.launch, desk: openDesk(shell, session), nowMs };
    const standings = await surveySecrets(store, setting, { actor, purpose: options.gate ? 'check' : 'list' });
    const bad = standings.filter((each) => !isInOrder(each, options.allowUnknownAge === true));
    const lines = standings.map(toLine).join('') || 'the launch declares no secrets\n';
    return { exit: options.gate && bad.length > 0 ? 4 : 0, json: standings, text: toInert(lines, false) };
  });
}

function isInOrder({ trouble, interrupted, state }: SecretStanding, allowUnknownAge: boolean): boolean {
  if (trouble !== null || interrupted || state === 'overdue') return false;
  return state !== 'unknown' || allowUnknownAge;
}

function toLine({ secret, kind, trouble, state, ageDays, dueAt, interrupted }: SecretStanding): string {
  const age = ageDays === null ? 'age unknown' : `${ageDays} days old, due ${dueAt?.slice(0, 10)}, ${state}`;
  const says = trouble === null ? age : trouble.message;
  const note = interrupted ? '; a rotation was interrupted: rotate it again' : '';
  return `${secret.padEnd(20)} ${kind.padEnd(6)} ${says}${note}\n`;
}

export interface RotateOptions extends GiverOptions {
  as: string;
  validate: string[];
  from?: string;
  dryRun?: boolean;
}

/** Rotates a secret: new value, named checks, and the old value back where one of them does not pass (exit 4). */
export async function rotate(shell: Shell, name: string, options: RotateOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    const { launch } = scene;
    for (const id of options.validate) findCriterion(launch, id);
    const actor = readSigner(shell, scene, options).person.id;
    const value = readNewValue(shell, name, options.from);
    const setting = {
      launch,
      desk: openDesk(shell, session),
      writers: secretWriters,
      context: contextOf(shell, session),
      validate: () => validate(shell, session, options.validate),
    };
    const wish = { secret: name, value, actor, dryRun: options.dryRun === true };
    const { outcome, detail } = await rotateSecret(store, setting, wish).finally(() => value.wipe());
    const text = `secret ${name}: ${outcome}: ${detail}\n`;
    return {
      exit: outcome === 'rolled-back' ? 4 : 0,
      json: { secret: name, outcome, detail },
      text: toInert(text, false),
    };
  });
}

/** Every named check has to pass now, and to be one that can fail. */
async function validate(shell: Shell, { scene, store }: Session, only: readonly string[]): Promise<Validation> {
  const { signal } = shell;
  const kinds = await shell.loadKinds();
  const { runs } = await runChecks({ store, scene, kinds, signal, only, force: true });
  const seen = new Map(runs.map(({ planned, record }) => [planned.criterion, record]));
  const bad = only.filter((id) => {
    const record = seen.get(id);
    return record === undefined || record.judgement.outcome !== 'pass' || controlFault(record) !== null;
  });
  const detail = bad.map((id) => `${id}: ${seen.get(id)?.judgement.outcome ?? 'not run'}`).join(', ');
  return { ok: bad.length === 0 && only.length > 0, detail: detail || `${only.join(', ')} pass` };
}

function openDesk(shell: Shell, session: Session): SecretDesk {
  const { launch, environment } = session.scene;
  const context = contextOf(shell, session);
  return createSecretDesk(session.store, {
    launch,
    environment: environment.id,
    providers: secretProviders,
    context,
    mask: forget,
  });
}

/** Nothing that these commands print is made of a value; what checks saw is masked where it is sealed. */
function forget(): void {}

function contextOf({ env, signal }: Shell, { scene }: Session): SecretContext {
  return { environment: env, workspace: scene.directory, prefix: env['TMINUS_SECRET_PREFIX'] || null, signal };
}

const mostBytes = 65_536;

/** 32 random bytes in base64url, or what a file holds without its last line break. */
function readNewValue(shell: Shell, name: string, from: string | undefined): SecretValue {
  if (from === undefined) return new SecretValue(name, Buffer.from(randomBytes(32).toString('base64url')));
  try {
    const bytes = Buffer.from(readRegularFile(resolve(shell.directory, from), mostBytes));
    const end = bytes.at(-1) === 0x0a ? -1 : bytes.length;
    if (bytes.subarray(0, end).length > 0) return new SecretValue(name, Uint8Array.from(bytes.subarray(0, end)));
  } catch (error) {
    throw new ProductError('usage', `${from}: expected the new value, got ${describeFileError(error)}`, {
      hint: 'name a file with --from, or leave it out for a random value',
      cause: error,
    });
  }
  throw new ProductError('usage', `${from}: expected the new value, got nothing`, { hint: 'put it into the file' });
}
