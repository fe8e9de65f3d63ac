import type { Decision } from '../../core/gate/decision.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { explainGate, sealDecision } from '../explain-gate.ts';
import type { Scene } from '../scene.ts';

/**
 * Seals the decision of now about a gate, for a person who may bring evidence into the log: a sealed decision is such an entry, and looking at the log is no
 * right to write to it. Who asked is in the audit with the gate. Throws `permission_denied` and `gate_unknown`; then nothing was written but the audit.
 */
export async function sealGate(
  store: Store,
  scene: Scene,
  { gate, person }: { gate: string; person: string },
): Promise<{ id: string; index: number; outcome: Decision['outcome'] }> {
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: 'check.run', environment: scene.environment.id, nowMs, subject: gate } as const;
  await requirePermission(store, scene.launch, ask);
  const explained = await explainGate(store, scene, { gate });
  const place = await sealDecision(store, scene, explained);
  return { ...place, outcome: explained.decision.outcome };
}
