import { productionHosts } from '../../../core/procedure/rehearsal-faults.ts';
import type { Mailout, MailoutPlan } from '../../../core/mailout/mailout.ts';
import type { MailoutDeed, ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toDone, toFailed } from '../../../kinds/steps/step-outcome.ts';
import { listDeliveries, takeMailoutKey } from '../../../store/mailout.ts';
import type { MailoutPlace } from '../../../store/mailout.ts';
import { planFromData } from '../../mailout/plan-from-data.ts';
import { readMailout } from '../../mailout/read-mailout.ts';
import { hashAddress, mailsOf, sendMailout } from '../../mailout/send-mailout.ts';
import type { MailoutResult } from '../../mailout/send-mailout.ts';
import { carryOut, lookAfter, openDataFor } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';

/** Sends a mailout for a step, or counts who would get it. Comms of the run decide whether anything leaves; an address gets its mail once over all steps and starts. */
export function sendMailoutDeed(ground: DeedGround, wish: MailoutDeed, context: StepContext): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const planned = await planOne(ground, wish, context);
    const { mailout, plan } = planned;
    const { recipients, mails, skipped } = plan;
    const facts = { recipients, mails: mails.length, skipped };
    const { comms } = context;
    if (recipients === 0) return toFailed(`${mailout.name}: expected somebody who is meant, got nobody`, facts);
    if (wish.do === 'dry-run')
      return toDone(`${mailout.name}: ${mails.length} of ${recipients} would get a mail; nothing was sent`, facts);
    if (comms.mode === 'off')
      return toDone(`${mailout.name}: comms are off, so nothing was sent`, { ...facts, sent: 0 });
    if (comms.mode === 'test' && comms.testMail === null)
      return toFailed(`${mailout.name}: comms are in test: expected a test address, got none`, facts);
    const result = await send(ground, planned, context);
    return toEnd(mailout, { ...facts, ...result });
  });
}

/** Tells by the deliveries whether everybody who is to get the mail has it; one that nobody knows of makes it unknown. */
export function probeMailoutDeed(ground: DeedGround, wish: MailoutDeed, context: StepContext): Promise<ProbeOutcome> {
  return lookAfter(() => lookForMails(ground, wish, context));
}

async function lookForMails(ground: DeedGround, wish: MailoutDeed, context: StepContext): Promise<ProbeOutcome> {
  const { mailout, plan, place } = await planOne(ground, wish, context);
  if (wish.do === 'dry-run' || context.comms.mode === 'off')
    return { result: 'not_applied', detail: `${mailout.name}: nothing is sent by this step` };
  const deliveries = await listDeliveries(ground.store, place);
  const open = deliveries.filter(({ state }) => state === 'claimed').length;
  if (open > 0) return { result: 'unknown', detail: `${mailout.name}: whether ${open} mails were sent nobody knows` };
  const key = await takeMailoutKey(ground.store, place);
  const settled = new Set(deliveries.map(({ hash }) => hash));
  const mails = mailsOf(place, plan);
  const left = mails.filter(({ address }) => !settled.has(hashAddress(key, address).toString('hex'))).length;
  const isAll = left === 0 && mails.length > 0;
  const some = left < mails.length ? 'unfinished' : 'not_applied';
  return { result: isAll ? 'applied' : some, detail: `${mailout.name}: ${left} of ${mails.length} are left` };
}

interface PlannedMailout {
  mailout: Mailout;
  plan: MailoutPlan;
  place: MailoutPlace;
}

async function planOne({ scene }: DeedGround, { file }: MailoutDeed, context: StepContext): Promise<PlannedMailout> {
  const { workspace, signal, comms } = context;
  const mailout = await readMailout(workspace, file);
  const plan = await planFromData(mailout, { data: openDataFor(scene, context), workspace, signal });
  const mode = comms.mode === 'test' ? 'test' : 'real';
  const place = { launch: scene.launch.id, environment: scene.environment.id, mailout: mailout.name, mode } as const;
  return { mailout, plan, place };
}

async function send(
  { store, scene }: DeedGround,
  { mailout, plan, place }: PlannedMailout,
  context: StepContext,
): Promise<MailoutResult> {
  const { comms, allow, forbidden, signal } = context;
  const secret = await context.openSecret(mailout.password);
  const others = scene.environment.production ? [] : productionHosts(scene.launch);
  try {
    return await sendMailout(
      store,
      { mailout, plan },
      {
        place,
        testMail: comms.mode === 'test' ? comms.testMail : null,
        password: secret.exposeText(),
        allow,
        forbidden: [...new Set([...forbidden, ...others])],
        signal,
        progress: (done, total) => context.progress(done, total, 'mails'),
      },
    );
  } finally {
    secret.wipe();
  }
}

function toEnd({ name }: Mailout, facts: MailoutResult & { skipped: { [reason: string]: number } }): StepOutcome {
  const { sent, before, refused, left, why, unknown } = facts;
  const told = why === null ? '' : `; ${why}`;
  const detail = `${name}: ${sent} sent, ${before} sent before, ${refused} refused, ${left} left, ${unknown.length} not known${told}`;
  const kept = { ...facts, unknown: unknown.slice(0, 20) };
  if (unknown.length > 0) return toFailed(`${detail}; say what became of them with "tminus mailout settle"`, kept);
  return left > 0 ? toFailed(detail, kept) : toDone(detail, kept);
}
