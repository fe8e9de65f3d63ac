import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Mailout, MailoutPlan } from '../../core/mailout/mailout.ts';
import { proveNotice } from '../../core/mailout/prove-notice.ts';
import { openDataOf } from '../../engine/data/data-desk.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { planFromData } from '../../engine/mailout/plan-from-data.ts';
import { readMailout } from '../../engine/mailout/read-mailout.ts';
import { hashAddress, sendMailout } from '../../engine/mailout/send-mailout.ts';
import type { MailoutResult, MailoutSetting } from '../../engine/mailout/send-mailout.ts';
import { listDeliveries, resolveDelivery, takeMailoutKey } from '../../store/mailout.ts';
import type { MailoutPlace } from '../../store/mailout.ts';
import { readClock } from '../../store/store-clock.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { openProgress } from '../progress.ts';
import { readLength } from '../read-length.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions;

interface Ground {
  session: Session;
  mailout: Mailout;
  plan: MailoutPlan;
  place: MailoutPlace;
  openSecret: ReturnType<typeof createDataSecrets>;
}

/** Says who would get the mail, and why others would not. Sends nothing, connects to no mail server. */
export async function mailoutPlan(shell: Shell, file: string, options: Options): Promise<CommandResult> {
  return onMailout(shell, { file, options, permission: 'check.run' }, (ground) =>
    Promise.resolve(describePlan(ground)),
  );
}

/** Sends it, or says what sending would do: exactly one of both has to be asked for. Exit 5 where a person has to say what became of a mail, 1 where some are left. */
export async function mailoutSend(
  shell: Shell,
  file: string,
  options: Options & { dryRun?: boolean; send?: boolean },
): Promise<CommandResult> {
  if ((options.dryRun === true) === (options.send === true))
    throw new ProductError('usage', 'mailout send: expected exactly one of --dry-run and --send, got none or both', {
      hint: 'look with --dry-run first, then send with --send',
    });
  const permission = options.send === true ? 'run.start' : 'check.run';
  return onMailout(shell, { file, options, permission }, async (ground) =>
    options.send === true ? await send(shell, ground, options) : describePlan(ground),
  );
}

/** What became of every mail of a mailout so far. */
export async function mailoutStatus(shell: Shell, file: string, options: GlobalOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const mailout = await readMailout(scene.directory, file);
    const deliveries = await listDeliveries(store, toPlace({ scene }, mailout));
    const count = (state: string): number => deliveries.filter((one) => one.state === state).length;
    const unknown = deliveries.filter(({ state }) => state === 'claimed').map(({ messageId }) => messageId);
    const json = { sent: count('sent'), refused: count('refused'), unknown };
    const text = `${mailout.name}: ${json.sent} sent, ${json.refused} refused, ${unknown.length} not known\n${list(unknown)}`;
    return { exit: unknown.length > 0 ? 5 : 0, json, text: toInert(text, false) };
  });
}

/** Takes down what a person found out of mails that nobody knew of: sent, or not and free to be sent. */
export async function mailoutSettle(
  shell: Shell,
  file: string,
  options: Options & { sent?: string[]; unsent?: string[] },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    await requireSigner(shell, session, { options, permission: 'run.start', subject: `mailout ${file}` });
    const place = toPlace({ scene }, await readMailout(scene.directory, file));
    const said = [true, false].flatMap((wasSent) =>
      ((wasSent ? options.sent : options.unsent) ?? []).map((messageId) => ({ messageId, wasSent })),
    );
    const missed: string[] = [];
    for (const one of said) if (!(await resolveDelivery(store, place, one))) missed.push(one.messageId);
    if (missed.length > 0 || said.length === 0)
      throw new ProductError(
        'usage',
        `mailout settle: expected Message-IDs of mails that nobody knows of, got ${missed.join(', ') || 'none'}`,
        {
          hint: 'take them from "tminus mailout status"',
        },
      );
    return { exit: 0, json: { settled: said.length }, text: `${said.length} settled\n` };
  });
}

/** Says whether everybody who is meant now was sent this mail long enough ago. Exit 0 only where all were: what deletes them asks this first. */
export async function mailoutProof(
  shell: Shell,
  file: string,
  options: Options & { notice: string },
): Promise<CommandResult> {
  return onMailout(shell, { file, options, permission: 'check.run' }, async ({ session: { store }, plan, place }) => {
    const key = await takeMailoutKey(store, place);
    const hashes = plan.mails.map(({ address }) => hashAddress(key, address).toString('hex'));
    const now = await readClock(store);
    const times = { nowMs: now(), noticeMs: readLength('--notice', options.notice) };
    const proof = proveNotice(hashes, await listDeliveries(store, place), times);
    const { recipients, skipped } = plan;
    const others = recipients - plan.mails.length;
    // Whoever was skipped got no notice from here, whatever the reason.
    const proven = proof.proven && others === 0;
    const reason =
      proof.proven && others > 0 ? `${others} of ${recipients} who are meant were never written to` : proof.reason;
    return {
      exit: proven ? 0 : 1,
      json: { ...proof, proven, reason, skipped },
      text: toInert(`${proven ? 'proven' : 'not proven'}  ${reason}\n`, false),
    };
  });
}

/** Mail cannot be taken back, and whoever counts recipients reads them all: both ask for a right first, before anything is read. */
async function onMailout(
  shell: Shell,
  { file, options, permission }: { file: string; options: Options; permission: 'check.run' | 'run.start' },
  action: (ground: Ground) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    const { person } = await requireSigner(shell, session, { options, permission, subject: `mailout ${file}` });
    const mailout = await readMailout(scene.directory, file);
    const purpose = `mailout ${mailout.name}`;
    const openSecret = createDataSecrets(store, scene, { actor: person.id, purpose, mask: () => undefined });
    const data = await openDataOf(store, scene, { by: person.id, purpose });
    try {
      const plan = await planFromData(mailout, { data, workspace: scene.directory, signal: shell.signal });
      return await action({ session, mailout, plan, place: toPlace(session, mailout), openSecret });
    } catch (error) {
      if (!(error instanceof DatastoreTrouble)) throw error;
      throw new ProductError('datastore_unavailable', `${error.code}: ${error.message}`, {
        hint: 'nothing was sent: see that the dataset can be read',
        cause: error,
      });
    }
  });
}

function toPlace({ scene: { launch, environment } }: Pick<Session, 'scene'>, { name }: Mailout): MailoutPlace {
  return {
    launch: launch.id,
    environment: environment.id,
    mailout: name,
    mode: environment.comms === 'test' ? 'test' : 'real',
  };
}

function describePlan({ plan: { recipients, mails, skipped }, mailout }: Ground): CommandResult {
  const reasons = Object.entries(skipped).map(([reason, count]) => `  ${count} skipped: ${reason}\n`);
  const text = `${mailout.name}: ${mails.length} of ${recipients} get a mail; nothing was sent\n${reasons.join('')}`;
  return { exit: 0, json: { recipients, mails: mails.length, skipped, sent: 0 }, text: toInert(text, false) };
}

async function send(
  shell: Shell,
  { session, mailout, plan, place, openSecret }: Ground,
  options: GlobalOptions,
): Promise<CommandResult> {
  const { launch, environment } = session.scene;
  if (environment.comms === 'off') {
    const text = `comms of ${environment.id} are off: nothing was sent\n`;
    return { exit: 0, json: { sent: 0, comms: 'off', mails: plan.mails.length }, text: toInert(text, false) };
  }
  if (environment.comms === 'test' && environment.testMail === null)
    throw new ProductError('usage', `comms of ${environment.id} are in test: expected a testAddress, got none`, {
      hint: 'declare one under the environment',
    });
  const secret = await openSecret(mailout.password, shell.signal);
  const progress = openProgress(shell.terminal, options.json === true);
  const setting: MailoutSetting = {
    place,
    testMail: environment.comms === 'test' ? environment.testMail : null,
    password: secret.exposeText(),
    allow: environment.allow,
    forbidden: environment.production ? [] : productionHosts(launch),
    signal: shell.signal,
    progress: (done, total) => progress.update(done, total, 'mails'),
  };
  try {
    return describeResult(mailout, plan, await sendMailout(session.store, { mailout, plan }, setting));
  } finally {
    progress.end();
    secret.wipe();
  }
}

function describeResult({ name }: Mailout, { skipped }: MailoutPlan, result: MailoutResult): CommandResult {
  const { sent, before, refused, left, why, unknown } = result;
  const told = why === null ? '' : `  ${why}; the same command goes on with those that are left\n`;
  const text = `${name}: ${sent} sent, ${before} sent before, ${refused} refused, ${left} left, ${unknown.length} not known\n${told}${list(unknown)}`;
  return { exit: unknown.length > 0 ? 5 : left > 0 ? 1 : 0, json: { ...result, skipped }, text: toInert(text, false) };
}

function list(unknown: readonly string[]): string {
  const lines = unknown.slice(0, 20).map((id) => `  ask the mail server for Message-ID ${id}\n`);
  return unknown.length === 0
    ? ''
    : `whether these were sent nobody knows; nothing is sent before that is said:\n${lines.join('')}`;
}
