import type { SecretContext, SecretProvider } from '../../core/secret/secret.ts';
import type { TargetPolicy } from '../../kinds/target-policy.ts';
import type { Store } from '../../store/open-store.ts';
import type { Delivery } from '../delivery.ts';

/** What sending to webhooks is made of. */
export interface WebhookParts {
  store: Store;
  delivery: Delivery;
  secrets: { providers: readonly SecretProvider[] } & Omit<SecretContext, 'signal'>;
  /** Makes a signing secret known to the masker, before anybody has it. */
  mask: (name: string, value: Uint8Array) => void;
  /** Hosts inside, `host` or `host:port`, that may be sent to; every other address has to be a public one, and https. */
  allow: readonly string[];
  /** One for the process: the circuit of a host is the same for all webhooks there. */
  policy: TargetPolicy;
  report: (error: unknown) => void;
}
