import { ProductError } from '../core/error/product-error.ts';
import { productionHosts } from '../core/procedure/rehearsal-faults.ts';
import { openObjects as openPlace } from '../engine/data/archive/open-objects.ts';
import type { OpenObjects } from '../engine/data/archive/remote-archive.ts';
import { createDataSecrets } from '../engine/data/open-data-access.ts';
import { readClock } from '../store/store-clock.ts';
import type { Shell } from './shell.ts';
import type { Session } from './with-session.ts';

/** How a store of objects is reached from the command line. */
export interface ObjectOptions {
  s3Endpoint?: string;
  s3Region?: string;
  s3KeyId?: string;
  /** Name of a declared secret: no value is ever an argument. */
  s3Secret?: string;
}

/** Opens the place that an `s3://` URL names, with the secret that the launch declares; whoever asks is in the audit. Throws `usage` where a part of it is missing. */
export async function openObjects(
  shell: Shell,
  { scene, store }: Session,
  { url, options, by }: { url: string; options: ObjectOptions; by: string },
): Promise<OpenObjects> {
  const { s3KeyId: keyId, s3Secret: name, s3Region: region, s3Endpoint: endpoint = null } = options;
  if (keyId === undefined || name === undefined || region === undefined)
    throw new ProductError(
      'usage',
      'store of objects: expected --s3-region, --s3-key-id and --s3-secret, got not all of them',
      { hint: 'name the secret as the launch declares it' },
    );
  const { allow, production } = scene.environment;
  const openSecret = createDataSecrets(store, scene, { actor: by, purpose: `archive ${url}`, mask: () => undefined });
  const secret = await openSecret(name, shell.signal);
  try {
    const now = await readClock(store);
    const forbidden = production ? [] : productionHosts(scene.launch);
    const context = { allow, forbidden, signal: shell.signal, now };
    return openPlace(url, { endpoint, region, keyId, secret: secret.exposeText() }, context);
  } finally {
    secret.wipe();
  }
}
