import { ProductError } from '../../core/error/product-error.ts';
import { actOnShift, findShift } from '../../engine/rollout/act-on-shift.ts';
import type { ShiftDeed } from '../../engine/rollout/act-on-shift.ts';
import { foreseeShift, readHistory } from '../../engine/rollout/foresee-shift.ts';
import { countingMs, lookAtDeclared } from '../../engine/rollout/look-at-declared.ts';
import { findRollout, startShift } from '../../engine/rollout/start-shift.ts';
import { startObjections } from '../../engine/rollout/start-objections.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import { listShifts } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { findBrokenEntry } from '../../store/rollout-broken-entry.ts';
import { readShiftEntries } from '../../store/rollout-entry.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import { followShift } from '../follow-shift.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { readLength } from '../read-length.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { renderPlannedRollout, renderShift } from '../render-shift.ts';
import { requireRight } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import { withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions;

/** Looks at routers, sources, what will be seen at this traffic and whatever stands against a rollout, and moves nothing; 4 where it should not begin now. */
export async function rolloutPlan(
  shell: Shell,
  name: string | undefined,
  options: Options & { label?: string[]; watch?: string; rps?: string },
): Promise<CommandResult> {
  const watchMs = toWatchMs(options.watch);
  const requestsPerSecond = options.rps === undefined ? null : readRate(options.rps);
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    const { person } = readSigner(shell, scene, options);
    const declared = findRollout(scene, name ?? null);
    await requireRight(session, { person: person.id, permission: 'check.run', subject: declared.rollout.id });
    const seen = await look(shell, session, { rollout: declared.rollout.id, by: person.id, watchMs });
    const nowMs = Date.parse(await readNow(store));
    const history = await readHistory(store, scene, declared, nowMs);
    const foreseen = foreseeShift(declared.rollout, seen, { requestsPerSecond, history });
    const ask = {
      declared,
      before: seen.routers,
      incidents: seen.incidents,
      labels: options.label ?? [],
      reason: '',
      nowMs,
    };
    const against = [...(await startObjections(store, scene, ask)), ...seen.objections, ...foreseen.faults];
    const text = renderPlannedRollout(
      { declared, seen, foreseen, against, environment: scene.environment.id },
      shell.terminal.palette,
    );
    return { exit: against.length === 0 ? 0 : 4, json: { rollout: declared.rollout, seen, foreseen, against }, text };
  });
}

/** Begins a rollout and carries it here until it ends; with `detach` it is left to the workers. */
export async function rolloutStart(
  shell: Shell,
  name: string | undefined,
  options: Options & { reason: string; label?: string[]; detach?: boolean; watch?: string; blind?: string },
): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { scene, store } = session;
    const { person } = readSigner(shell, scene, options);
    const { rollout } = findRollout(scene, name ?? null);
    await requireRight(session, { person: person.id, permission: 'run.start', subject: rollout.id });
    const watchMs = toWatchMs(options.watch);
    const seen = await look(shell, session, { rollout: rollout.id, by: person.id, watchMs });
    const { reason, label: labels = [], blind = null } = options;
    const wish = { rollout: rollout.id, person: person.id, reason, labels, blind, seen };
    const shift = await startShift(store, scene, wish);
    return options.detach === true ? show(shell, session, shift) : carryHere(shell, session, { id: shift.id, options });
  });
}

/** Shows where rollouts stand: one with its journal, or the newest of all. */
export async function rolloutStatus(
  shell: Shell,
  id: string | undefined,
  options: GlobalOptions & { follow?: boolean },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const shift = await pickShift(session, id ?? null);
    if (options.follow === true) return followShift(shell, session.store, shift.id, { json: options.json === true });
    return show(shell, session, shift);
  });
}

/** Does one thing to a rollout in the name of a person; what follows is carried out here where no worker does it. */
export async function rolloutDeed(
  shell: Shell,
  { kind, id }: { kind: ShiftDeed['kind']; id: string | undefined },
  options: Options & { reason: string; expectedVersion?: string },
): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { person } = readSigner(shell, session.scene, options);
    const { id: shift } = await pickShift(session, id ?? null);
    const seen = options.expectedVersion === undefined ? null : toVersion(options.expectedVersion);
    const deed = { kind, person: person.id, reason: options.reason, seen };
    const acted = await actOnShift(session.store, session.scene.launch, shift, deed);
    // An exposure ends now, whether or not a worker is there.
    if (kind === 'abort') return carryHere(shell, session, { id: shift, options });
    return show(shell, session, acted);
  });
}

async function carryHere(
  shell: Shell,
  { engine, store }: RunSession,
  { id, options }: { id: string; options: GlobalOptions },
): Promise<CommandResult> {
  const at = { directory: toDirectory(shell, options), slots: 2, environment: null };
  const worker = await startShellWorker(shell, engine, at);
  try {
    return await followShift(shell, store, id, { json: options.json === true });
  } finally {
    await worker.stop({ graceSeconds: 5 });
  }
}

function look(
  { signal }: Shell,
  { scene, store }: Session,
  { rollout, by, watchMs }: { rollout: string; by: string; watchMs: number },
): ReturnType<typeof lookAtDeclared> {
  const desk = createMaskDesk({ rules: [], clock: () => new Date(), onRefused: () => undefined });
  const openSecret = createDataSecrets(store, scene, {
    actor: by,
    purpose: `rollout ${rollout}`,
    mask: (value) => desk.add(value.name, value.exposeBytes()),
  });
  return lookAtDeclared(store, scene, { declared: findRollout(scene, rollout), openSecret, signal, watchMs });
}

async function show(shell: Shell, { store }: Session, shift: Shift): Promise<CommandResult> {
  const entries = await readShiftEntries(store, shift.id, { limit: 10_000 });
  const broken = await findBrokenEntry(store, shift);
  const text = renderShift(shift, entries, { broken, palette: shell.terminal.palette });
  return { exit: broken === null ? 0 : 1, json: { ...shift, journal: entries, broken }, text };
}

/** The one that is named by its id or that of its rollout; without a name the open one, else the newest. */
async function pickShift({ scene, store }: Session, named: string | null): Promise<Shift> {
  if (named !== null && /^s-[0-9a-f]{16}$/u.test(named)) return findShift(store, scene.launch, named);
  const place = { launch: scene.launch.id, environment: scene.environment.id, rollout: named };
  const shifts = await listShifts(store, place);
  const open = shifts.filter(({ endedAt }) => endedAt === null);
  const found = open.length > 1 ? undefined : (open[0] ?? shifts[0]);
  if (found !== undefined) return found;
  throw new ProductError(
    'rollout_unknown',
    `rollout of ${scene.launch.id} in ${scene.environment.id}: expected one, got ${open.length === 0 ? 'none' : open.map(({ id, rollout }) => `${id} (${rollout})`).join(', ')}`,
    { hint: open.length === 0 ? 'begin with "tminus rollout start"' : 'name one of them' },
  );
}

function toWatchMs(written: string | undefined): number {
  return written === undefined ? countingMs : readLength('--watch', written);
}

function readRate(text: string): number {
  if (/^\d{1,9}(?:\.\d{1,3})?$/u.test(text) && Number(text) > 0) return Number(text);
  throw new ProductError('usage', `--rps: expected requests a second above 0, got ${toInert(text, false)}`, {
    hint: 'write a number such as 20',
  });
}

function toVersion(text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw new ProductError('usage', `--expected-version: expected a whole number, got ${toInert(text, false)}`, {
    hint: 'take the version that "tminus rollout status" shows',
  });
}
