import { resolveSecret } from '../../kinds/secrets/resolve-secret.ts';
import { readNow } from '../../store/open-store.ts';
import { insertSecretAccess } from '../../store/secret-access.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** Returns the key that signs for a webhook. Throws where it cannot be had: nothing goes out unsigned. */
export type FindSigningKey = (webhook: StoredWebhook, signal: AbortSignal) => Promise<Uint8Array>;

/** A secret that was changed in its place signs after this long. Each reading is in the audit; one for each message would drown it. */
const keptMs = 60_000;

/** Returns what finds the keys of webhooks; `readKey` makes one of the bytes of a secret, or says that they are none. */
export function createKeyFinder(
  { store, secrets, mask }: WebhookParts,
  readKey: (secret: Uint8Array) => Uint8Array | null,
): FindSigningKey {
  const known = new Map<string, { atMs: number; key: Promise<Uint8Array> }>();
  const read = async ({ id, secret }: StoredWebhook, signal: AbortSignal): Promise<Uint8Array> => {
    const { providers, ...context } = secrets;
    const wish = {
      secret: { id: `webhook ${id}`, reference: secret },
      actor: 'installation',
      purpose: `webhook ${id}`,
      at: await readNow(store),
    };
    const reading = await resolveSecret(wish, {
      providers,
      context: { ...context, signal },
      mask: (value) => mask(value.name, value.exposeBytes()),
      record: (access) => insertSecretAccess(store, { launch: 'installation', environment: 'installation' }, access),
    });
    if (reading.state === 'failed') throw new Error(`secret of webhook ${id}: ${reading.trouble.message}`);
    const key = readKey(reading.value.exposeBytes());
    reading.value.wipe();
    if (key === null) throw new Error(`secret of webhook ${id}: expected at least 24 bytes, got fewer`);
    return key;
  };
  return (webhook, signal) => {
    const name = JSON.stringify([webhook.id, webhook.secret]);
    const kept = known.get(name);
    if (kept && performance.now() - kept.atMs < keptMs) return kept.key;
    const key = read(webhook, signal);
    known.set(name, { atMs: performance.now(), key });
    key.catch(() => known.delete(name));
    return key;
  };
}
