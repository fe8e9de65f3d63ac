import { ProductError } from '../../core/error/product-error.ts';
import { permitEverywhere } from '../../engine/access/permit-everywhere.ts';
import { openWebhookDesk } from '../../engine/webhook/webhook-desk.ts';
import type { WebhookDesk } from '../../engine/webhook/webhook-desk.ts';
import { secretProviders } from '../../kinds/secrets/providers.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';

const kinds = secretProviders.map(({ kind }) => kind);

/** Lists the webhooks, how far each is, and why one is off. */
export async function webhookList(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ store, engine }) => {
    const webhooks = await openWebhookDesk(store, engine.delivery, kinds).list();
    const lines = webhooks.map(render);
    return { exit: 0, json: { webhooks }, text: lines.length === 0 ? 'no webhooks\n' : `${lines.join('\n')}\n` };
  });
}

function render({ id, url, launches, types, position, offReason, sentAt }: StoredWebhook): string {
  const wants = `${types?.join(',') ?? 'all events'} of ${launches?.join(',') ?? 'all launches'}`;
  const state = offReason === null ? `on, last taken ${sentAt ?? 'never'}` : `OFF: ${offReason}`;
  return `${id}  ${url}  ${wants}, up to ${position}, ${state}`;
}

/** What the deeds about webhooks take. */
export interface WebhookOptions extends GlobalOptions, SignerOptions {
  secret?: string;
  launch?: string[];
  type?: string[];
  after?: string;
}

/** Adds a webhook that gets what happens from now on. */
export async function webhookAdd(
  shell: Shell,
  { id, url }: { id: string; url: string },
  options: WebhookOptions,
): Promise<CommandResult> {
  const secret = toReference(options.secret ?? '');
  const { launch: launches = null, type: types = null } = options;
  return asInstaller(shell, options, `add webhook ${id}`, async (desk, person) => {
    const added = await desk.add({ id, url, secret, launches, types, createdBy: person });
    return { exit: 0, json: added, text: `${render(added)}\n` };
  });
}

/** Removes a webhook. */
export async function webhookRemove(shell: Shell, id: string, options: WebhookOptions): Promise<CommandResult> {
  return asInstaller(shell, options, `remove webhook ${id}`, async (desk) => {
    await desk.remove(id);
    return { exit: 0, json: { removed: id }, text: `removed ${id}\n` };
  });
}

/** Sends a message that is no event, so that a receiver can be tried. */
export async function webhookTest(shell: Shell, id: string, options: WebhookOptions): Promise<CommandResult> {
  return asInstaller(shell, options, `test webhook ${id}`, async (desk) => {
    const message = await desk.test(id);
    return { exit: 0, json: { id: message }, text: `${message} waits for a worker; see "tminus webhook list"\n` };
  });
}

/** Switches a webhook on, and sends again what it names. */
export async function webhookReplay(shell: Shell, id: string, options: WebhookOptions): Promise<CommandResult> {
  const after = options.after === undefined ? null : toCursor(options.after);
  return asInstaller(shell, options, `replay webhook ${id}`, async (desk) => {
    const on = await desk.replay(id, after);
    return { exit: 0, json: on, text: `${id} is on, and goes on after ${on.position}\n` };
  });
}

/** Does something to the whole installation, for whoever may everywhere. */
async function asInstaller(
  shell: Shell,
  options: WebhookOptions,
  subject: string,
  act: (desk: WebhookDesk, person: string) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ store, engine, scene }) => {
    const { person } = readSigner(shell, scene, options);
    await permitEverywhere(store, [scene.launch], { person: person.id, permission: 'installation.manage', subject });
    return act(openWebhookDesk(store, engine.delivery, kinds), person.id);
  });
}

/** `env:NAME` or `file:PATH`. */
function toReference(text: string): Record<string, string> {
  const [, kind, target] = /^([a-z]+):(.+)$/u.exec(text) ?? [];
  if (kind !== undefined && target !== undefined) return { [kind]: target };
  throw new ProductError(
    'usage',
    `--secret: expected a place such as env:NAME or file:PATH, got ${kind ?? 'another text'}`,
    {
      hint: `name where the secret is kept, one of ${kinds.join(', ')}; never the secret itself`,
    },
  );
}

function toCursor(text: string): number {
  const cursor = Number(text);
  if (/^\d{1,15}$/u.test(text)) return cursor;
  throw new ProductError('usage', `--after: expected the cursor of an event, got ${text}`, {
    hint: 'the id of the last message that arrived; 0 sends everything that is kept',
  });
}
