import type { JsonObject } from '@tminus/verify';

import { toTemplateValues } from '../../core/check/template-values.ts';
import type { DataAccess } from '../../core/dataset/data-access.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import type { DatastoreSession } from '../../core/dataset/datastore-kind.ts';
import type { Datastore } from '../../core/dataset/dataset.ts';
import type { RedirectRow } from '../../core/dataset/redirects/redirect-row.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { findDatastoreKind } from '../../kinds/datastores/kinds.ts';
import { secretProviders } from '../../kinds/secrets/providers.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';
import { createSecretDesk } from '../secret/secret-desk.ts';

/** For whom datastores are opened, and under which limits. */
export interface DataSetting {
  scene: Pick<Scene, 'launch' | 'environment' | 'directory' | 'candidate' | 'planHash'>;
  /** Hosts that must not be touched: those of production, in a rehearsal. */
  forbidden: readonly string[];
  /** The password of a datastore, by the name of its secret; audited, and known to the masker before it is returned. */
  openSecret: (name: string, signal: AbortSignal) => Promise<SecretValue>;
  now: () => number;
}

/** Returns the data of a launch as checks, steps and use cases see it: what is declared, and sessions by id under the limits of the environment. */
export function openDataAccess(setting: DataSetting): DataAccess {
  const { launch } = setting.scene;
  return {
    datasets: launch.datasets,
    redirects: launch.declarations.filter(({ kind }) => kind === 'redirect').map(({ body }) => toRedirectRow(body)),
    open: async (id, access, signal) => await openOne(setting, findDatastore(setting, id), { access, signal }),
  };
}

function toRedirectRow(body: JsonObject): RedirectRow {
  const cell = (name: string): string | null => (typeof body[name] === 'string' ? body[name] : null);
  return { from: cell('from') ?? '', status: cell('status'), to: cell('to') };
}

/** The secret of a datastore where nobody's run stands around it: for whoever asks, in the audit with what for. */
export function createDataSecrets(
  store: Store,
  { launch, environment, directory }: Pick<Scene, 'launch' | 'environment' | 'directory'>,
  by: { actor: string | null; purpose: string; mask: (value: SecretValue) => void },
): DataSetting['openSecret'] {
  return async (name, signal) => {
    const context = {
      environment: process.env,
      prefix: process.env['TMINUS_SECRET_PREFIX'] ?? null,
      workspace: directory,
      signal,
    };
    const desk = createSecretDesk(store, {
      launch,
      environment: environment.id,
      providers: secretProviders,
      context,
      mask: by.mask,
    });
    return await desk.openSecret(name, by);
  };
}

function findDatastore({ scene }: DataSetting, id: string): Datastore {
  const { datastores } = scene.launch;
  const found = datastores.find((one) => one.id === id);
  if (found) return found;
  const known = datastores.map((one) => one.id).join(', ') || 'none';
  throw new ProductError('usage', `datastore ${id}: expected one of ${known}, got none of that name`, {
    hint: 'declare it under datastores in the front matter',
  });
}

async function openOne(
  { scene, forbidden, openSecret, now }: DataSetting,
  { id, kind: name, password, options }: Datastore,
  { access, signal }: { access: 'read' | 'write'; signal: AbortSignal },
): Promise<DatastoreSession> {
  const url = toTemplateValues(scene).get(`datastore.${id}.url`) ?? null;
  if (url === null)
    throw new DatastoreTrouble(
      'configuration',
      `datastore ${id}: expected a url for ${scene.environment.id}, got none that is known; write it under datastores`,
    );
  const kind = findDatastoreKind(name);
  if (kind === null) throw new DatastoreTrouble('configuration', `datastore ${id}: expected a kind, got ${name}`);
  const secret = password === null ? null : await openSecret(password, signal);
  try {
    return await kind.open(url, options, {
      signal,
      workspace: scene.directory,
      allow: scene.environment.allow,
      forbidden,
      password: secret,
      access,
      now,
    });
  } catch (error) {
    throw secret !== null && error instanceof DatastoreTrouble ? withoutSecret(error, secret, now) : error;
  } finally {
    secret?.wipe();
  }
}

/** A server may say again what it was told: its words go on to people without the password. */
function withoutSecret({ code, message }: DatastoreTrouble, secret: SecretValue, now: () => number): DatastoreTrouble {
  const desk = createMaskDesk({ rules: [], clock: () => new Date(now()), onRefused: () => undefined });
  desk.add(secret.name, secret.exposeBytes(), true);
  return new DatastoreTrouble(code, desk.maskText('error', message));
}
