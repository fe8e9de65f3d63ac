import type { Permission } from '../core/access/permission.ts';
import { ProductError } from '../core/error/product-error.ts';
import { requirePermission } from '../engine/access/permit-person.ts';
import type { Signer } from '../engine/sign/signer.ts';
import { readNow } from '../store/open-store.ts';
import { readSigner } from './read-signer.ts';
import type { SignerOptions } from './read-signer.ts';
import type { Shell } from './shell.ts';
import type { Session } from './with-session.ts';

/** Asks, of this moment, whether somebody may; the answer is in the audit before anything is done. Throws `permission_denied`. */
export async function requireRight(
  { store, scene }: Pick<Session, 'store' | 'scene'>,
  { person, permission, subject }: { person: string; permission: Permission; subject: string },
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const environment = scene.environment.id;
  await requirePermission(store, scene.launch, { person, permission, environment, nowMs, subject });
}

/** Returns who asks, by their key, once their right was asked for. Throws `usage` where nobody is named: no deed on data is nobody's. */
export async function requireSigner(
  shell: Shell,
  session: Pick<Session, 'store' | 'scene'>,
  { options: { as, key }, ...wish }: { options: Partial<SignerOptions>; permission: Permission; subject: string },
): Promise<Signer> {
  if (as === undefined)
    throw new ProductError('usage', `${wish.subject}: expected --as, got nobody who does it`, {
      hint: 'say who does it with --as PERSON',
    });
  const signer = readSigner(shell, session.scene, { as, ...(key === undefined ? {} : { key }) });
  await requireRight(session, { person: signer.person.id, ...wish });
  return signer;
}

/** Returns who asks, by their key, once they may do it and may see the values of rows that it prints: the same two rights as over HTTP. */
export async function requireReader(
  shell: Shell,
  session: Pick<Session, 'store' | 'scene'>,
  wish: { options: Partial<SignerOptions>; permission: Permission; subject: string },
): Promise<Signer> {
  const signer = await requireSigner(shell, session, wish);
  await requireRight(session, { person: signer.person.id, permission: 'data.view', subject: wish.subject });
  return signer;
}
