import type { SecretContext, SecretReference, SecretTrouble } from './secret.ts';

/** How writing went: null, or why nothing was changed. */
export type WriteResult = { ok: true } | { ok: false; trouble: SecretTrouble };

/** Port: changes the value of a secret where it is kept. The value before stays beside the new one until it is known that the new one holds. */
export interface SecretWriter {
  /** The key that a reference names the store by, as for its provider. */
  kind: string;
  /** Puts a new value in the place of the old one at once: whoever reads sees one or the other. Where it fails nothing was changed; it fails while an older change is not settled. */
  replace(secret: SecretReference, value: Uint8Array, context: SecretContext): Promise<WriteResult>;
  /** Puts the value before back. Does nothing where nothing was changed, or all is settled. */
  restore(secret: SecretReference, context: SecretContext): Promise<WriteResult>;
  /** Removes the value before. */
  settle(secret: SecretReference, context: SecretContext): Promise<WriteResult>;
}
