import { z } from 'zod';

import { accessRoles, permissions } from '../../core/access/permission.ts';
import type { Account } from '../../engine/identity/identity.ts';
import { toVersion } from '../versions.ts';

const factors = z.object({ totp: z.boolean(), passkeys: z.int() });

/** An account as whoever manages accounts sees it. */
export const accountView = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    person: z.string().nullable().describe('whom of the launch documents it stands for'),
    createdAt: z.string(),
    disabledAt: z.string().nullable(),
    factors,
    version: z.string().describe('what a change names as expectedVersion'),
  })
  .meta({ id: 'Account' });

/** The account with the version that a change has to name. */
export function toAccountView(account: Account): z.input<typeof accountView> {
  return { ...account, version: toVersion(JSON.stringify(account)) };
}

/** A code that opens one thing once. */
export const ticketView = z
  .object({
    code: z.string().describe('shown now and kept nowhere'),
    expiresAt: z.string(),
    link: z.string().describe('where it is redeemed; the code stands behind the #, which no server sees'),
  })
  .meta({ id: 'Ticket' });

/** A signed-in browser. */
export const sessionView = z
  .object({
    id: z.string(),
    account: z.string(),
    name: z.string().describe('of the account'),
    startedAt: z.string(),
    seenAt: z.string(),
    endsAt: z.string(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    strongAt: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: 'Session' });

/** A token as it is listed. */
export const tokenView = z
  .object({
    id: z.string(),
    account: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(permissions as [string, ...string[]])),
    createdAt: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().nullable(),
    usedAt: z.string().nullable(),
  })
  .meta({ id: 'Token' });

/** A registered passkey, and the line with which a launch document declares it. */
export const passkeyView = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    createdAt: z.string(),
    key: z.string().nullable().describe('webauthn-es256:RPID:BASE64; null for a key that documents cannot declare'),
    declaredIn: z.array(z.string()).describe('launches whose document declares this key for the person'),
  })
  .meta({ id: 'Passkey' });

/** Who the caller is in a launch, and which key its document declares for them. */
export const declarationView = z
  .object({
    launch: z.string(),
    title: z.string(),
    document: z.string().describe('path of the document that declares the person'),
    person: z.string(),
    name: z.string(),
    key: z.string().nullable(),
  })
  .meta({ id: 'KeyDeclaration' });

/** Something that happened to an account. */
export const accountEventView = z
  .object({
    id: z.string(),
    at: z.string(),
    what: z.string(),
    account: z.string().nullable(),
    by: z.string().nullable(),
    ip: z.string().nullable(),
    detail: z.string(),
  })
  .meta({ id: 'AccountEvent' });

/** What somebody is to a launch in one of its environments. */
export const ownRightsView = z
  .object({
    launch: z.string(),
    environment: z.string(),
    roles: z.array(z.enum(accessRoles)),
    permissions: z.array(z.enum(permissions as [string, ...string[]])),
  })
  .meta({ id: 'OwnRights' });
