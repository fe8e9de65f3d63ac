import { resolve } from 'node:path';

import type { Decision } from '../../core/gate/decision.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { explainGate, sealDecision } from '../../engine/explain-gate.ts';
import type { Scene } from '../../engine/scene.ts';
import { replaceFile } from '../../engine/write-file.ts';
import { renderDecisionPage } from '../../report/decision-page.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { renderDecision } from '../render-decision.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface DecideOptions extends GlobalOptions {
  phase?: string;
  seal?: boolean;
  html?: string;
}

/** Decides one gate; exit 0 on GO, 5 where only people are missing, 4 on any other NO-GO. */
export async function decideCommand(
  shell: Shell,
  gate: string | undefined,
  options: DecideOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const explained = await explainGate(store, scene, { gate: gate ?? onlyGate(scene), phase: options.phase });
    const { decision } = explained;
    // Before it is sealed: a place that cannot be written then leaves no trace in the log.
    if (options.html)
      replaceFile(resolve(shell.directory, options.html), renderDecisionPage(decision, scene.launch.title));
    const sealed = options.seal ? await sealDecision(store, scene, explained) : null;
    const note = sealed ? `sealed as entry ${sealed.index} of the log\n` : '';
    return {
      exit: toExit(decision),
      json: { decision, sealed },
      text: renderDecision(decision, shell.terminal.palette) + note,
    };
  });
}

/** The gate of a launch that has one; throws `gate_unknown` with the choice where it has several or none. */
export function onlyGate({ launch }: Scene): string {
  const [first, ...others] = launch.gates;
  if (first && others.length === 0) return first.id;
  const known = launch.gates.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError('gate_unknown', `gate of launch ${launch.id}: expected one of ${known}, got no name`, {
    hint: 'name the gate, for example: tminus decide ready',
  });
}

function toExit({ outcome, shortestWay }: Decision): number {
  if (outcome !== 'no-go') return 0;
  const waitsForPeople = shortestWay?.every(({ verb }) => verb === 'attest' || verb === 'approve') ?? false;
  return waitsForPeople ? 5 : 4;
}
