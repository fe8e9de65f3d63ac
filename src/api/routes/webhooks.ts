import { z } from 'zod';

import { permitEverywhere } from '../../engine/access/permit-everywhere.ts';
import type { Identity } from '../../engine/identity/identity.ts';
import { openWebhookDesk } from '../../engine/webhook/webhook-desk.ts';
import type { WebhookDesk } from '../../engine/webhook/webhook-desk.ts';
import { secretProviders } from '../../kinds/secrets/providers.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import { may } from '../access.ts';
import { personOf } from '../admit.ts';
import type { ApiParts } from '../api-parts.ts';
import { requireRecent } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion, toVersion } from '../versions.ts';

const access = may('installation.manage', 'any');
const tag = 'webhooks';
const ofWebhook = z.object({ webhook: z.string().max(63) });
const expectedVersion = z.string().max(100);
const list = z.array(z.string().min(1).max(200)).max(100).nullable();

const webhookView = z
  .object({
    id: z.string(),
    url: z.string(),
    secret: z.record(z.string(), z.unknown()).describe('names the secret in its provider; never a value'),
    launches: z.array(z.string()).nullable().describe('null for all'),
    types: z.array(z.string()).nullable().describe('types or families of events; null for all'),
    position: z.int().describe('every event up to this cursor is enqueued, or was not wanted'),
    givenUp: z.int().describe('deliveries given up since the last that arrived'),
    offReason: z.string().nullable().describe('why nothing is sent; null while it is on'),
    offAt: z.string().nullable(),
    sentAt: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    version: z.string(),
  })
  .meta({ id: 'Webhook' });

/** Where events are sent, for the whole installation: for admins of every environment of every launch. */
export const webhookRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/webhooks',
    id: 'listWebhooks',
    summary: 'Every webhook, by name, with how far it is and why it is off',
    tag,
    access,
    response: z.object({ items: z.array(webhookView) }),
    handle: async ({ parts, identity }) => {
      await requireInstaller(parts, identity, 'list webhooks');
      return { items: (await deskOf(parts).list()).map(toView) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/webhooks',
    id: 'addWebhook',
    summary: 'Adds a webhook that gets what happens from now on, as signed CloudEvents',
    tag,
    access,
    body: z.strictObject({
      id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/u),
      url: z.string().max(2_000),
      secret: z.record(z.string().max(40), z.string().max(500)),
      launches: list.default(null),
      types: list.default(null),
    }),
    response: webhookView,
    status: 201,
    handle: async ({ parts, identity, body, person }) => {
      await requireInstallerNow(parts, identity, `add webhook ${body.id}`);
      return toView(await deskOf(parts).add({ ...body, createdBy: person() }));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/webhooks/:webhook',
    id: 'removeWebhook',
    summary: 'Removes a webhook; what is enqueued for it is not sent any more',
    tag,
    access,
    params: ofWebhook,
    query: z.object({ expectedVersion: expectedVersion.optional() }),
    status: 204,
    handle: async (call) => {
      const { parts, identity, params, query, ifMatch } = call;
      const { webhook } = params;
      await requireInstallerNow(parts, identity, `remove webhook ${webhook}`);
      const desk = deskOf(parts);
      requireVersion(`webhook ${webhook}`, query.expectedVersion ?? ifMatch, versionOf(await desk.read(webhook)));
      await desk.remove(webhook);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/webhooks/:webhook/test',
    id: 'testWebhook',
    summary: 'Sends a message of the type tminus.test, which a worker delivers',
    tag,
    access,
    params: ofWebhook,
    response: z.object({ id: z.string().describe('id of the message') }),
    status: 202,
    handle: async ({ parts, identity, params }) => {
      await requireInstallerNow(parts, identity, `test webhook ${params.webhook}`);
      return { id: await deskOf(parts).test(params.webhook) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/webhooks/:webhook/replay',
    id: 'replayWebhook',
    summary: 'Switches a webhook on and sends again: everything after a cursor, or what was not sent while it was off',
    tag,
    access,
    params: ofWebhook,
    body: z.strictObject({ after: z.int().min(0).nullable(), expectedVersion: expectedVersion.optional() }),
    response: webhookView,
    status: 202,
    handle: async (call) => {
      const { parts, identity, params, body, ifMatch } = call;
      const { webhook } = params;
      await requireInstallerNow(parts, identity, `replay webhook ${webhook}`);
      const desk = deskOf(parts);
      requireVersion(`webhook ${webhook}`, body.expectedVersion ?? ifMatch, versionOf(await desk.read(webhook)));
      return toView(await desk.replay(webhook, body.after));
    },
  }),
];

const deskOf = ({ store, engine }: ApiParts): WebhookDesk =>
  openWebhookDesk(
    store,
    engine.delivery,
    secretProviders.map(({ kind }) => kind),
  );

/** What a person decides about; how far it is moves by itself. */
function versionOf({ id, url, secret, launches, types, epoch, offReason, createdAt }: StoredWebhook): string {
  return toVersion(JSON.stringify({ id, url, secret, launches, types, epoch, offReason, createdAt }));
}

function toView(webhook: StoredWebhook): z.input<typeof webhookView> {
  const { epoch: _, launches, types, ...shown } = webhook;
  return { ...shown, launches: launches && [...launches], types: types && [...types], version: versionOf(webhook) };
}

async function requireInstaller(parts: ApiParts, identity: Identity, subject: string): Promise<void> {
  const served = await parts.launches.list();
  const broken = served.find(({ plan }) => plan === null);
  if (broken?.trouble) throw broken.trouble;
  const launches = served.flatMap(({ plan }) => (plan ? [plan.launch] : []));
  await permitEverywhere(parts.store, launches, {
    person: personOf(identity),
    permission: 'installation.manage',
    subject,
  });
}

/** Who sends events somewhere else shows that it is them. */
async function requireInstallerNow(parts: ApiParts, identity: Identity, subject: string): Promise<void> {
  await requireInstaller(parts, identity, subject);
  await requireRecent(parts, identity);
}
