import { toAccessScene } from '../../core/access/to-access-scene.ts';
import { grantFault } from '../../core/access/grant-fault.ts';
import type { Grant } from '../../core/access/grant.ts';
import { accessRoles } from '../../core/access/permission.ts';
import type { AccessRole } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { giveGrant } from '../../engine/access/give-grant.ts';
import { revokeGrants } from '../../engine/access/revoke-grants.ts';
import { writeGroup } from '../../engine/access/write-group.ts';
import { readAccess } from '../../store/access-records.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

/** Options of whoever may have to be known. */
export interface GiverOptions extends GlobalOptions {
  as?: string;
  key?: string;
}

export interface GiveOptions extends GiverOptions {
  role: string;
  reason: string;
  until?: string;
  group?: boolean;
  passOn?: string;
  breakGlass?: boolean;
}

/** Shows every right that is in force, those of the document and those that people gave; with `all` those that ended, too. */
export async function listGrants(shell: Shell, options: GlobalOptions & { all?: boolean }): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const nowMs = Date.parse(await readNow(store));
    const access = toAccessScene(scene.launch, await readAccess(store, { launch: scene.launch.id, run: null }));
    const grants = access.grants
      .filter(({ environment }) => options.environment === undefined || environment === options.environment)
      .map((grant) => ({ ...grant, fault: grantFault(grant, grant.holder.id, access, nowMs) }))
      .filter(({ fault }) => options.all === true || fault === null);
    const lines = grants.map((grant) => toLine(grant, grant.fault));
    const groups = access.groups.map(({ id, people }) => `group ${id}: ${people.join(', ') || 'nobody'}`);
    const text = [...lines, ...groups].map((line) => `${toInert(line, false)}\n`).join('');
    return { exit: 0, json: { grants, groups: access.groups }, text: text || 'nobody has any right here\n' };
  });
}

function toLine(grant: Grant, fault: string | null): string {
  const { holder, role, environment, givenBy, expiresAt, breakGlass } = grant;
  const who = holder.kind === 'group' ? `group ${holder.id}` : holder.id;
  const from = grant.id.startsWith('document/') ? 'the document' : (givenBy ?? 'the installation');
  const ends = expiresAt === null ? '' : ` until ${expiresAt}`;
  const glass = breakGlass === null ? '' : ` BREAK-GLASS: ${breakGlass.reason}`;
  const state = fault === null ? '' : ` (${fault})`;
  return `${who.padEnd(16)} ${role.padEnd(9)} ${environment.padEnd(12)} by ${from}${ends}  ${grant.id}${glass}${state}`;
}

/** Gives a right to a person or a group. Without `--as` only the first of a launch, its admin. */
export async function grantRole(shell: Shell, holder: string, options: GiveOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const giver = options.as === undefined ? null : readSigner(shell, scene, { ...options, as: options.as }).person.id;
    const grants = await giveGrant(store, scene.launch, {
      holder: { kind: options.group === true ? 'group' : 'person', id: holder },
      role: toRole(options.role),
      environment: scene.environment.id,
      giver,
      expiresAt: options.until === undefined ? null : toInstant(options.until),
      delegates: options.passOn ?? null,
      breakGlass: options.breakGlass === true,
      reason: options.reason,
    });
    const text = grants
      .map(({ id, environment }) => `${holder} is ${options.role} in ${environment} now: ${id}\n`)
      .join('');
    return { exit: 0, json: grants, text: toInert(text, false) };
  });
}

export interface RevokeOptions extends GlobalOptions {
  as: string;
  key?: string;
  holder?: string;
  reason: string;
}

/** Ends a right by its id, or every right that somebody holds, from this moment on. */
export async function revokeRole(
  shell: Shell,
  grant: string | undefined,
  options: RevokeOptions,
): Promise<CommandResult> {
  if ((grant === undefined) === (options.holder === undefined)) {
    throw new ProductError('usage', 'revoke: expected a grant or --holder, got both or neither', {
      hint: 'name a grant as "tminus grant list" shows it, or the person or group that is to lose everything',
    });
  }
  return withSession(shell, options, async ({ scene, store }) => {
    const by = readSigner(shell, scene, options).person.id;
    const { holder = null, environment = null, reason } = options;
    const wish = { grant: grant ?? null, holder, environment, by, reason };
    const ended = await revokeGrants(store, scene.launch, wish);
    const text = ended.map((each) => `ended: ${each.holder.id} ${each.role} ${each.environment} ${each.id}\n`).join('');
    return { exit: 0, json: ended, text: toInert(text, false) };
  });
}

/** Writes who is in a group from now on. */
export async function setGroup(
  shell: Shell,
  id: string,
  people: readonly string[],
  options: GlobalOptions & { as: string; key?: string },
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const by = readSigner(shell, scene, options).person.id;
    await writeGroup(store, scene.launch, { id, people, by, environment: scene.environment.id });
    const text = `group ${id}: ${people.join(', ') || 'nobody'}\n`;
    return { exit: 0, json: { id, people, by }, text: toInert(text, false) };
  });
}

function toRole(text: string): AccessRole {
  const found = accessRoles.find((role) => role === text);
  if (found) return found;
  throw new ProductError('usage', `--role: expected one of ${accessRoles.join(', ')}, got ${text}`, {
    hint: 'docs/guide/who-may-do-what.md says what each may do',
  });
}

function toInstant(text: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/u.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new ProductError('usage', `--until: expected an RFC 3339 time with its zone, got ${text}`, {
    hint: 'write it as 2026-12-05T18:00:00Z',
  });
}
