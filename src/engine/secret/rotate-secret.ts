import { randomUUID } from 'node:crypto';

import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { SecretContext, SecretReference } from '../../core/secret/secret.ts';
import type { SecretWriter, WriteResult } from '../../core/secret/secret-writer.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { insertRotation, readRotations } from '../../store/secret-access.ts';
import type { Store } from '../../store/open-store.ts';
import { lockSecret } from '../../store/secret-lock.ts';
import { findSecret } from './secret-desk.ts';
import type { SecretDesk } from './secret-desk.ts';

/** Whether what uses the secret works. */
export interface Validation {
  ok: boolean;
  /** What was seen, without any value. */
  detail: string;
}

/** What a rotation needs of the world. */
export interface RotationSetting {
  launch: RightsLaunch & Pick<Launch, 'secrets'>;
  desk: SecretDesk;
  writers: readonly SecretWriter[];
  context: SecretContext;
  /** Runs the named checks with the value that is in place. */
  validate(): Promise<Validation>;
}

/** Which secret gets which value, by whom. */
export interface RotationWish {
  secret: string;
  value: SecretValue;
  actor: string;
  /** Looks at everything and changes nothing. */
  dryRun: boolean;
}

/** How a rotation ended. `rolled-back`: the old value is in place again, and read back. */
export interface RotationOutcome {
  outcome: 'would-rotate' | 'rotated' | 'rolled-back';
  detail: string;
}

/**
 * Rotates a secret (T23): dry run, rotate, validate, and back where the validation fails. The validation has to pass with the old value, or its failure
 * would say nothing of the new one. Beginning and end are in the audit; one that was killed in between is taken back by the next.
 * Two at once never touch the same secret: the second is refused. Throws where nothing was changed, and `secret_unavailable` where the old value could not be put back.
 */
export async function rotateSecret(
  store: Store,
  setting: RotationSetting,
  wish: RotationWish,
): Promise<RotationOutcome> {
  const secret = findSecret(setting.launch, wish.secret);
  const writer = findWriter(setting.writers, secret);
  const release = await lockSecret(store, { launch: setting.launch.id, secret: secret.id });
  if (release === null)
    throw new ProductError('usage', `rotation of ${secret.id}: expected none under way, got another`, {
      hint: 'wait until it has ended, then look at "tminus secrets list"',
    });
  try {
    return await rotateAlone({ store, setting, wish, secret, writer, rotation: randomUUID() });
  } finally {
    await release();
  }
}

async function rotateAlone(turn: Turn): Promise<RotationOutcome> {
  const { setting, wish, secret } = turn;
  await takeBackInterrupted(turn);
  const old = await setting.desk.openSecret(secret.id, { actor: wish.actor, purpose: 'rotation' });
  try {
    const before = await setting.validate();
    if (!before.ok)
      throw new ProductError(
        'usage',
        `rotation of ${secret.id}: expected the check to pass before, got ${before.detail}`,
        {
          hint: 'mend what the check says first: it could not tell whether the new value holds',
        },
      );
    if (wish.dryRun) return { outcome: 'would-rotate', detail: `the value before passes: ${before.detail}` };
    return await changeValue(turn, old);
  } finally {
    old.wipe();
  }
}

interface Turn {
  store: Store;
  setting: RotationSetting;
  wish: RotationWish;
  secret: SecretReference;
  writer: SecretWriter;
  rotation: string;
}

async function changeValue(turn: Turn, old: SecretValue): Promise<RotationOutcome> {
  const { setting, wish, secret, writer } = turn;
  await record(turn, 'begun', `by ${wish.actor}`);
  const bytes = wish.value.exposeBytes();
  const written = await writer.replace(secret, bytes, setting.context);
  bytes.fill(0);
  // A store that could not be written should hold what it held; nothing is put back, since a change of somebody else may be what is in the way.
  if (!written.ok) return endBack(turn, old, { why: written.trouble.message, trouble: null });
  const validation = await validate(turn);
  if (!validation.ok) return takeBack(turn, old, validation.detail);
  // The new value holds; that the old one lies beside it is told, and is no reason to go back.
  const settled = await writer.settle(secret, setting.context);
  const detail = settled.ok ? validation.detail : `${validation.detail}; ${settled.trouble.message}`;
  await record(turn, 'rotated', detail);
  return { outcome: 'rotated', detail };
}

/** What the store gives now is the new value, and what uses it works. A validation that throws has failed. */
async function validate(turn: Turn): Promise<Validation> {
  const { setting, wish } = turn;
  try {
    if (!(await isInPlace(turn, wish.value))) return { ok: false, detail: 'the store does not give the new value' };
    return await setting.validate();
  } catch (error) {
    return { ok: false, detail: error instanceof ProductError ? error.message : 'the validation broke' };
  }
}

async function takeBack(turn: Turn, old: SecretValue, why: string): Promise<RotationOutcome> {
  const { setting, secret, writer } = turn;
  const restored: WriteResult = await writer.restore(secret, setting.context);
  return endBack(turn, old, { why, trouble: restored.ok ? null : restored.trouble.message });
}

/** The end of a rotation that changed nothing: only where the old value is read back. */
async function endBack(
  turn: Turn,
  old: SecretValue,
  { why, trouble }: { why: string; trouble: string | null },
): Promise<RotationOutcome> {
  const isBack = trouble === null && (await isInPlace(turn, old).catch(() => false));
  if (!isBack) {
    throw new ProductError(
      'secret_unavailable',
      `rotation of ${turn.secret.id}: expected the old value back, got ${trouble ?? 'that the store gives another value'} (${why})`,
      {
        hint: 'put it back by hand: it lies beside the new one in its store',
      },
    );
  }
  await record(turn, 'rolled-back', why);
  return { outcome: 'rolled-back', detail: why };
}

async function isInPlace({ setting, secret, wish }: Turn, wanted: SecretValue): Promise<boolean> {
  const found = await setting.desk.openSecret(secret.id, { actor: wish.actor, purpose: 'rotation, read back' });
  const [got, expected] = [Buffer.from(found.exposeBytes()), Buffer.from(wanted.exposeBytes())];
  const isEqual = got.equals(expected);
  for (const bytes of [got, expected]) bytes.fill(0);
  found.wipe();
  return isEqual;
}

async function takeBackInterrupted(turn: Turn): Promise<void> {
  const { store, setting, wish, secret, writer } = turn;
  const [newest] = (await readRotations(store, setting.launch.id)).filter((each) => each.secret === secret.id);
  if (newest?.state !== 'begun' || wish.dryRun) return;
  const restored = await writer.restore(secret, setting.context);
  if (!restored.ok) throw new ProductError('secret_unavailable', restored.trouble.message, restored.trouble);
  await record({ ...turn, rotation: newest.rotation }, 'rolled-back', 'it was interrupted');
}

function record(
  { store, setting, wish, secret, rotation }: Turn,
  state: 'begun' | 'rotated' | 'rolled-back',
  detail: string,
): Promise<void> {
  const { reference } = secret;
  return insertRotation(store, {
    rotation,
    launch: setting.launch.id,
    secret: secret.id,
    reference,
    actor: wish.actor,
    state,
    detail,
  });
}

function findWriter(writers: readonly SecretWriter[], secret: SecretReference): SecretWriter {
  const found = writers.find(({ kind }) => Object.hasOwn(secret.reference, kind));
  if (found) return found;
  const known = writers.map(({ kind }) => kind).join(', ');
  throw new ProductError(
    'usage',
    `secret ${secret.id}: expected a store that can be written from here (${known}), got another`,
    {
      hint: 'change the value where it is kept, then run "tminus secrets check"',
    },
  );
}
