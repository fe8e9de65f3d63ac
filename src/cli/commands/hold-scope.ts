import { ProductError } from '../../core/error/product-error.ts';
import { holdAll, liftAll } from '../../engine/runs/standing-holds.ts';
import type { StandingHold } from '../../store/standing-hold.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';

export interface ScopeOptions extends GlobalOptions, SignerOptions {
  id?: string;
  reason: string;
}

export interface HoldScopeOptions extends ScopeOptions {
  id: string;
  scope: string;
  now?: boolean;
  keepCounting?: boolean;
}

/** Holds every run of a launch, of one of its environments, or of this store, and those that come, until it is lifted. */
export async function holdScope(shell: Shell, options: HoldScopeOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { person } = readSigner(shell, session.scene, options);
    const hold: StandingHold = {
      ...toPlace(session, options.scope),
      id: options.id,
      mode: options.now === true ? 'now' : 'boundary',
      count: options.keepCounting === true ? 'runs' : 'stops',
      by: person.id,
      reason: options.reason,
    };
    const count = await holdAll(session.engine, session.scene.launch, hold, session.scene.environment.id);
    const where = hold.environment ?? hold.launch ?? 'everything';
    const text = `hold ${hold.id} is on ${where}: ${count} runs are held, and so is every run that comes\nlift it with "tminus resume --everywhere --id ${hold.id} --as PERSON --reason TEXT"\n`;
    return { exit: 0, json: { hold, runs: count }, text };
  });
}

/** Lifts a hold above single runs. */
export async function liftScope(shell: Shell, options: ScopeOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, engine }) => {
    const { person } = readSigner(shell, scene, options);
    const id = options.id ?? 'hold';
    const environment = scene.environment.id;
    const count = await liftAll(engine, scene.launch, { id, by: person.id, reason: options.reason, environment });
    return { exit: 0, json: { hold: id, runs: count }, text: `hold ${id} is lifted: ${count} runs go on\n` };
  });
}

function toPlace({ scene }: RunSession, scope: string): Pick<StandingHold, 'scope' | 'launch' | 'environment'> {
  if (scope === 'global') return { scope, launch: null, environment: null };
  if (scope === 'launch') return { scope, launch: scene.launch.id, environment: null };
  if (scope === 'environment') return { scope, launch: scene.launch.id, environment: scene.environment.id };
  throw new ProductError('usage', `--scope: expected run, launch, environment or global, got ${scope}`, {
    hint: 'leave it out to hold one run',
  });
}
