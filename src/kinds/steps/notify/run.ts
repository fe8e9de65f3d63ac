import { sha256Hex } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';

import type { StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import type { Message, Sending } from '../../channels/message.ts';
import { sendMail } from '../../channels/send-mail.ts';
import { sendWebhook } from '../../channels/send-webhook.ts';
import { openTemplates } from '../open-templates.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import type { NotifySpec } from './schema.ts';

/**
 * Sends the message, as far as the comms of the run allow. A placeholder without a value blocks it. What was sent stands in the log, its digest in
 * the facts.
 */
export async function runNotify(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  if (context.signal.aborted) return toStopped('stopped before it began');
  const opened = await openTemplates(written, context);
  if (!opened.ok) return opened.end;
  const spec = opened.spec as unknown as NotifySpec;
  const message: Message = {
    subject: spec.subject.replaceAll(/[\r\n]+/g, ' '),
    text: spec.text,
    key: context.idempotencyKey,
    mode: context.mode,
  };
  const facts = { comms: context.comms.mode, messageSha256: sha256Hex(`${message.subject}\n${message.text}`) };
  const target = targetOf(spec, context);
  if (target === null)
    return toFailed(`comms are in mode test: expected a test address for this channel, got none`, facts);
  context.log('note', `to ${target}\nsubject: ${message.subject}\n\n${message.text}\n`);
  if (context.comms.mode === 'off') {
    context.log('note', 'comms are off: nothing was sent\n');
    return toDone(`comms are off: nothing was sent to ${target}`, { ...facts, sent: false });
  }
  const sending = await send({ spec, message, target }, context);
  if (sending.ok) return toDone(`sent to ${target}`, { ...facts, ...sending.facts, sent: true });
  if (context.signal.aborted) return toStopped(`${target}: stopped; whether it was sent is not known`, facts);
  return toFailed(opened.hide(`${target}: ${sending.reason}`), { ...facts, sent: false });
}

/** Where it goes; in mode `test` only to the test address, null where there is none. */
function targetOf({ webhook, mail }: NotifySpec, { comms }: StepContext): string | null {
  if (comms.mode === 'test') return webhook === undefined ? comms.testMail : comms.testWebhook;
  return webhook?.url ?? mail?.to.join(', ') ?? null;
}

async function send(
  { spec, message, target }: { spec: NotifySpec; message: Message; target: string },
  context: StepContext,
): Promise<Sending> {
  const { webhook, mail, timeout } = spec;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeout)]);
  try {
    if (webhook !== undefined) return await sendWebhook(message, { url: target, key: webhook.key, signal }, context);
    const to = context.comms.mode === 'test' ? [target] : (mail?.to ?? []);
    return await sendMail(message, { ...mail!, to, timeoutMs: timeout, signal }, context);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
