import type { JsonObject } from '@tminus/verify';

import type { SecretValue } from './secret-value.ts';

/** A secret as the launch declares it: a name, and where it is kept. Never a value. */
export interface SecretReference {
  id: string;
  reference: JsonObject;
}

/** Why a secret could not be had. There is never anything in its place. */
export interface SecretTrouble {
  code:
    | 'reference_invalid'
    | 'provider_unknown'
    | 'provider_missing'
    | 'not_configured'
    | 'missing'
    | 'empty'
    | 'denied'
    | 'sealed'
    | 'unreachable'
    | 'unsafe'
    | 'unreadable'
    | 'too_large'
    | 'aborted';
  /** Names the reference and what was expected and got; holds nothing of a value and nothing that a server said. */
  message: string;
  hint: string;
  /** Whether trying again later may help. */
  retry: 'no' | 'later';
}

/** What a provider brought back. */
export type SecretReading =
  | {
      state: 'resolved';
      value: SecretValue;
      /** Version as the store names it; null where it keeps none. */
      version: string | null;
      /** RFC 3339; when this version was made, for rotation. Null where the store cannot tell: the time of a file says when it was copied. */
      createdAt: string | null;
    }
  | { state: 'failed'; trouble: SecretTrouble };

/** What surrounds a resolution. Addresses and credentials of the stores come from here, never from a launch document. */
export interface SecretContext {
  /** Environment variables of the process that resolves. */
  environment: { readonly [name: string]: string | undefined };
  /** Folder that relative paths start from. */
  workspace: string;
  /** Part of shared stores that this installation keeps to, such as `team-a/`; null where it has all of it (O06). */
  prefix: string | null;
  signal: AbortSignal;
}

/** Port: somewhere that keeps secrets. Resolving happens just before a step runs, and nothing is cached. */
export interface SecretProvider {
  /** The key that a reference names it by: `{ vault: ... }`. */
  kind: string;
  /** One sentence, for the reference page. */
  summary: string;
  /** Never throws for what a store may do: a store that is gone, sealed or lies is a failed reading. */
  resolve(secret: SecretReference, context: SecretContext): Promise<SecretReading>;
}

/** One access to a secret, for the audit log: who, which, why, and how it went. Never the value, its length or its digest. */
export interface SecretAccess {
  secret: string;
  kind: string;
  reference: JsonObject;
  /** Account that the work runs for. */
  actor: string;
  /** What it was for: run, step, rotation. */
  purpose: string;
  outcome: 'accessed' | 'failed';
  version: string | null;
  trouble: SecretTrouble['code'] | null;
  /** RFC 3339. */
  at: string;
}
