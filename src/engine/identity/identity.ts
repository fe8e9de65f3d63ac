import type { Permission } from '../../core/access/permission.ts';

/** Who makes a request. What they may do is asked of the grants (`src/engine/access`) for `person`; this says only who it is and how sure that is. */
export interface Identity {
  /** Id of the account. */
  account: string;
  name: string;
  email: string;
  /** Id of the person of the launch documents for whom the account stands; null while it stands for nobody. */
  person: string | null;
  via: 'session' | 'token';
  /** Id of the session or of the token; never what opens it. */
  session: string;
  /** What a token may do at most, on top of what its person may; null where there is no such limit. */
  scopes: readonly Permission[] | null;
  /** When a second factor was last shown in this session from the network that asks now; null for never, and always for a token. */
  strongAtMs: number | null;
}

/** Where a request came from, as the server saw it: the address of the peer, or of the client where a trusted proxy says so. */
export interface Asking {
  headers: Headers;
  ip: string;
}

/** An account as administrators see it. */
export interface Account {
  id: string;
  name: string;
  email: string;
  person: string | null;
  createdAt: string;
  /** When it was switched off; null while it is in use. */
  disabledAt: string | null;
  /** Second factors that it has enrolled. */
  factors: { totp: boolean; passkeys: number };
}

/** What the first account says of itself. */
export interface SetupWish {
  /** The one-time code that the server printed when it started. */
  code: string;
  name: string;
  email: string;
  password: string;
  /** Id of the person of the launch that they are; null to leave it open. It gives no right: `giveGrant` names the first admin. */
  person: string | null;
}

/** An account that somebody is to have. */
export interface InviteWish {
  name: string;
  email: string;
  person: string | null;
}

/** A code that opens one thing once. The code is shown now and kept nowhere. */
export interface Ticket {
  code: string;
  expiresAt: string;
}

/** A signed-in browser. */
export interface SessionEntry {
  id: string;
  account: string;
  startedAt: string;
  /** When it was last seen, to the minute. */
  seenAt: string;
  /** When it ends if nobody uses it, and never later than its absolute end. */
  endsAt: string;
  ip: string | null;
  userAgent: string | null;
  strongAt: string | null;
}

/** A token that somebody wants. */
export interface TokenWish {
  name: string;
  /** At least one, and none that only a human may use. */
  scopes: readonly Permission[];
  /** RFC 3339; within a year. */
  expiresAt: string;
}

/** A token as it is listed: everything but what opens it. */
export interface TokenEntry {
  id: string;
  account: string;
  name: string;
  scopes: readonly Permission[];
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  /** When it last opened something, to the minute; null for never. */
  usedAt: string | null;
}

/** A registered passkey. */
export interface PasskeyEntry {
  id: string;
  account: string;
  name: string | null;
  createdAt: string;
  /** How a launch document declares it: `webauthn-es256:RPID:BASE64` of the uncompressed point (65 bytes); null for a key on another curve. */
  key: string | null;
}

/** Something that happened to an account. */
export interface HistoryEntry {
  /** Counts up. */
  id: string;
  at: string;
  /** In plain words, such as `sign-in/email`, `refused /sign-in/email`, `session ended`, `passkey-cloned`. */
  what: string;
  account: string | null;
  /** Account that did it; null where nobody was known. */
  by: string | null;
  ip: string | null;
  detail: string;
}

/** An identity provider that may be offered at sign-in. */
export interface SignOn {
  id: string;
  name: string;
}

/** The first run: open until it was used once, then closed for ever. */
export interface SetupDesk {
  isOpen(): Promise<boolean>;
  /** Returns a new code, which replaces the one before; null once setup is closed. Only the console of the server may show it. */
  issueCode(): Promise<string | null>;
  /** Whether a code would complete the setup; it is not used up. Throws `setup_closed`, `code_invalid`, `too_many_requests`. */
  demandCode(code: string, ip: string): Promise<void>;
  /** Makes the first account and closes setup. Throws `setup_closed`, `code_invalid`, `password_weak`, `too_many_requests`. */
  complete(wish: SetupWish, ip: string): Promise<Account>;
}

/** Accounts. `by` is the account that acts and stands in the audit; whether it may is asked before, with `permitAccounts`. */
export interface AccountDesk {
  list(): Promise<Account[]>;
  read(id: string): Promise<Account | null>;
  /** Returns a code, good for 72 hours, with which the invited person chooses a password. Throws `account_exists`, `person_taken`. */
  invite(wish: InviteWish, by: string): Promise<Ticket>;
  /** Returns a code, good for one hour, with which the holder chooses a new password; ends the sessions when it is used. */
  reset(id: string, by: string): Promise<Ticket>;
  /** Redeems the code of `invite` or `reset`. Throws `code_invalid`, `password_weak`, `too_many_requests`. */
  redeem(wish: { code: string; password: string }, ip: string): Promise<Account>;
  /** Says for whom the account stands. Throws `person_taken`, `own_account`. */
  setPerson(id: string, person: string | null, by: string): Promise<Account>;
  /** Switches an account off and ends its sessions and tokens, or on again. Throws `own_account`. */
  setDisabled(id: string, disabled: boolean, by: string): Promise<Account>;
  /** Takes the second factors of an account away, for one who lost them, and ends its sessions. Throws `own_account`. */
  dropFactors(id: string, by: string): Promise<Account>;
}

/** Sessions. */
export interface SessionDesk {
  /** Sessions that have not ended, newest first; of one account, or of all where it is null. */
  list(account: string | null): Promise<SessionEntry[]>;
  /** Ends a session; of this account only unless `owner` is null. False where there is none, which is also the answer about another's. */
  revoke(id: string, owner: string | null, by: string): Promise<boolean>;
  /** Ends all sessions of an account, except one; returns how many. */
  revokeAll(account: string, except: string | null, by: string): Promise<number>;
}

/** Tokens for automations. */
export interface TokenDesk {
  /** Returns a token and its text, `tmt_` and 43 letters, which is kept nowhere. Throws `token_refused`. */
  create(account: string, wish: TokenWish): Promise<{ text: string; token: TokenEntry }>;
  list(account: string | null): Promise<TokenEntry[]>;
  /** Ends a token; of this account only unless `owner` is null. False where there is none, which is also the answer about another's. */
  revoke(id: string, owner: string | null, by: string): Promise<boolean>;
}

/** Everything about who somebody is. One for each process. */
export interface IdentityDesk {
  /** Returns who asks, by session cookie or `Authorization: Bearer tmt_...`; null for nobody. Looks into the store at most every 5 s for each of them. */
  identify(asking: Asking): Promise<Identity | null>;
  /** Answers requests under `/api/auth/`: sign-in, second factors, passkeys, single sign-on. Everything else there is 404. */
  handle(request: Request, ip: string): Promise<Response>;
  /** False for a request that would change something and does not come from the configured address (CSRF); one with a bearer token has no ambient right and passes. */
  allowsOrigin(request: { method: string; headers: Headers }): boolean;
  setup: SetupDesk;
  accounts: AccountDesk;
  sessions: SessionDesk;
  tokens: TokenDesk;
  passkeys: { list(account: string): Promise<PasskeyEntry[]> };
  /** What happened to an account, or to all, newest first and at most a hundred; `before` is the id of the last entry that is known. */
  history: { list(account: string | null, before: string | null): Promise<HistoryEntry[]> };
  /** Identity providers that are configured. */
  signOns: readonly SignOn[];
  close(): Promise<void>;
}
