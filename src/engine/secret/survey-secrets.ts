import { digestOf } from '@tminus/verify';

import { assessRotation } from '../../core/secret/assess-rotation.ts';
import type { RotationAssessment } from '../../core/secret/assess-rotation.ts';
import type { SecretTrouble } from '../../core/secret/secret.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Store } from '../../store/open-store.ts';
import { readRotations } from '../../store/secret-access.ts';
import type { SecretDesk, SecretPurpose } from './secret-desk.ts';

/** How a declared secret stands: whether it can be had, and how old it is. */
export interface SecretStanding extends RotationAssessment {
  /** Place it is kept in, by the key of its reference. */
  kind: string;
  /** Null where it can be had. */
  trouble: SecretTrouble | null;
  /** True where a rotation began and neither ended well nor was taken back: the value in use may be either. */
  interrupted: boolean;
}

/**
 * Looks at every declared secret, each access in the audit. The age is that of the version, where the store knows it, else that of the last rotation
 * from here by the same reference, else unknown (T23).
 */
export async function surveySecrets(
  store: Store,
  { launch, desk, nowMs }: { launch: Pick<Launch, 'id' | 'secrets'>; desk: SecretDesk; nowMs: number },
  purpose: SecretPurpose,
): Promise<SecretStanding[]> {
  const rotations = await readRotations(store, launch.id);
  const standings: SecretStanding[] = [];
  for (const { id, reference } of launch.secrets) {
    const own = rotations.filter((each) => each.secret === id && digestOf(each.reference) === digestOf(reference));
    const reading = await desk.readSecret(id, purpose);
    const isResolved = reading.state === 'resolved';
    if (isResolved) reading.value.wipe();
    const known = isResolved ? reading.createdAt : null;
    const rotatedAt = known ?? own.find(({ state }) => state === 'rotated')?.at ?? null;
    standings.push({
      ...assessRotation({ secret: id, rotatedAt: isResolved ? rotatedAt : null, cadence: null }, nowMs),
      kind: Object.keys(reference).find((key) => key !== 'key' && key !== 'version') ?? '',
      trouble: isResolved ? null : reading.trouble,
      interrupted: own[0]?.state === 'begun',
    });
  }
  return standings;
}
