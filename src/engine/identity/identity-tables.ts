import type { Generated, GeneratedAlways } from 'kysely';

import type { Permission } from '../../core/access/permission.ts';

/** Tables of the schema `identity`. The first six are laid out by the library, in its spelling; the rest are ours. */
export interface IdentityTables {
  user: UserRow;
  session: SessionRow;
  account: CredentialRow;
  verification: { id: string; identifier: string; value: string; expiresAt: Date; createdAt: Date; updatedAt: Date };
  twoFactor: { id: string; userId: string; secret: string; backupCodes: string; verified: boolean | null };
  passkey: PasskeyRow;
  setup: { one: Generated<boolean>; account: string; at: Generated<Date> };
  ticket: TicketRow;
  token: TokenRow;
  totp_use: { account: string; code: Buffer; at: Generated<Date> };
  try: { key: string; at: Generated<Date> };
  event: EventRow;
}

export interface UserRow {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  image: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
  person: string | null;
  disabledAt: Date | null;
  twoFactorEnabled: boolean | null;
}

export interface SessionRow {
  id: string;
  expiresAt: Date;
  token: string;
  createdAt: Date;
  updatedAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  userId: string;
  strongAt: Date | null;
  strongFrom: string | null;
}

/** A way to sign in to an account: its password, or an account at an identity provider. */
export interface CredentialRow {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  password: string | null;
  createdAt: Generated<Date>;
  updatedAt: Date;
}

export interface PasskeyRow {
  id: string;
  name: string | null;
  publicKey: string;
  userId: string;
  credentialID: string;
  counter: number;
  createdAt: Date | null;
}

/** A code that opens one thing once, as its digest. */
export interface TicketRow {
  sha256: Buffer;
  kind: 'setup' | 'invite' | 'reset';
  /** Account to which it belongs; null for the setup. */
  account: string | null;
  issued_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
}

export interface TokenRow {
  id: string;
  account: string;
  name: string;
  sha256: Buffer;
  scopes: Permission[];
  created_at: Generated<Date>;
  expires_at: Date;
  revoked_at: Date | null;
  used_at: Date | null;
}

/** Something that happened to an account; rows are only added. */
export interface EventRow {
  id: GeneratedAlways<string>;
  at: Generated<Date>;
  what: string;
  account: string | null;
  by: string | null;
  ip: string | null;
  detail: string;
}
