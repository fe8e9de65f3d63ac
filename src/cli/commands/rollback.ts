import { ProductError } from '../../core/error/product-error.ts';
import { answerWayBack } from '../../engine/rollout/answer-way-back.ts';
import type { WayBackAnswer } from '../../engine/rollout/answer-way-back.ts';
import { beginRollback, findRollback } from '../../engine/rollback/begin-rollback.ts';
import { termsOf } from '../../engine/rollback/drill.ts';
import { beginTakeBack } from '../../engine/rollout/begin-take-back.ts';
import { findRollout } from '../../engine/rollout/start-shift.ts';
import { orderLiveRun } from '../../engine/runs/order-live-run.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import { loadRuns } from '../../store/run.ts';
import type { CommandResult } from '../command-result.ts';
import { followRun } from '../follow-run.ts';
import { followShift } from '../follow-shift.ts';
import { formatDuration } from '../format-duration.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInertValue } from '../inert.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import type { Palette } from '../terminal.ts';
import { withRunSession } from '../with-run-session.ts';
import type { RunSession } from '../with-run-session.ts';
import { withSession } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions & { reason: string };

/** Says whether the launch can still go back, how long that takes, until when, and what is lost; 0 where it can by itself, 5 where a person has to decide. */
export async function rollbackStatus(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const answer = await answerWayBack(store, scene, {
      steps: await shell.loadStepKinds(),
      checks: await shell.loadKinds(),
      runsPrograms: true,
    });
    return { exit: answer.verdict === 'person' ? 5 : 0, json: answer, text: render(answer, shell.terminal.palette) };
  });
}

/** Gives the canary nothing any more, and then begins the procedure that the rollout declares as its way back; 4 where either does not end as it has to. */
export async function rollbackStart(shell: Shell, name: string | undefined, options: Options): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const declared = name === undefined ? null : findRollback(session.scene, name);
    if (declared !== null) return startDeclared(shell, session, { procedure: declared.id, options });
    const { scene, store, engine } = session;
    const { person } = readSigner(shell, scene, options);
    const { rollout } = findRollout(scene, name ?? null);
    const json = options.json === true;
    const wish = { rollout: rollout.id, person: person.id, reason: options.reason };
    const id = await beginTakeBack(store, scene, wish);
    const at = { directory: toDirectory(shell, options), slots: 2, environment: null };
    const worker = await startShellWorker(shell, engine, at);
    try {
      const shifted = await followShift(shell, store, id, { json });
      const { endedAt } = shifted.json as { endedAt: string | null };
      if (endedAt === null) return shifted;
      if (rollout.wayBack === null) return { ...shifted, exit: 0 };
      const run = await beginProcedure(shell, session, { procedure: rollout.wayBack, ...wish });
      const ended = await followRun(shell, store, run, { json });
      return { ...ended, json: { shift: shifted.json, run: ended.json } };
    } finally {
      await worker.stop({ graceSeconds: 5 });
    }
  });
}

/** Flips a kill switch, and follows it until the running process says that it is off. */
export async function killCommand(shell: Shell, name: string, options: Options): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { kind } = termsOf(session.scene, name);
    if (kind !== 'switch')
      throw new ProductError('usage', `kill switch ${name}: expected kind: switch, got ${kind}`, {
        hint: `begin it with "tminus rollback start ${name}"`,
      });
    return startDeclared(shell, session, { procedure: name, options });
  });
}

async function startDeclared(
  shell: Shell,
  { scene, store, engine }: RunSession,
  { procedure, options }: { procedure: string; options: Options },
): Promise<CommandResult> {
  const { person } = readSigner(shell, scene, options);
  const [kinds, checks] = await Promise.all([shell.loadStepKinds(), shell.loadKinds()]);
  const wish = { procedure, person: person.id, reason: options.reason, kinds, checks };
  const at = { directory: toDirectory(shell, options), slots: 2, environment: null };
  const worker = await startShellWorker(shell, engine, at);
  try {
    const begun = await beginRollback(engine, scene, wish);
    if (begun.pastReturn)
      shell.terminal.err(`the point of no return is behind: ${begun.procedure}, with an approval of one level more\n`);
    const ended = await followRun(shell, store, begun.id, { json: options.json === true });
    const { withinMs } = termsOf(scene, procedure);
    const tookMs = await readTook(store, begun.id);
    const clock = `${tookMs === null ? 'not ended' : `${formatDuration(tookMs)} from the trigger`}; allowed are ${formatDuration(withinMs)}\n`;
    const isLate = tookMs !== null && tookMs > withinMs;
    return {
      exit: isLate && ended.exit === 0 ? 4 : ended.exit,
      json: { begun, tookMs, withinMs, run: ended.json },
      text: `${ended.text}${isLate ? shell.terminal.palette.red(clock) : clock}`,
    };
  } finally {
    await worker.stop({ graceSeconds: 5 });
  }
}

async function readTook(store: RunSession['store'], id: string): Promise<number | null> {
  const run = (await loadRuns(store, [id])).get(id)?.run;
  return run?.endedAtMs == null ? null : run.endedAtMs - run.createdAtMs;
}

async function beginProcedure(
  shell: Shell,
  { engine, scene }: RunSession,
  { procedure, person, reason }: { procedure: string; person: string; reason: string },
): Promise<string> {
  if (reason.trim() === '')
    throw new ProductError('usage', '--reason: expected why, got nothing', { hint: 'say why it goes back' });
  const kinds = await shell.loadStepKinds();
  const plan = planRun(scene, procedure, kinds);
  const { id } = await orderLiveRun(engine, scene, { plan, person, reason, labels: [], t0Ms: null, key: null, kinds });
  return id;
}

function render(given: WayBackAnswer, { bold, green, yellow, dim }: Palette): string {
  const { verdict, reasons, traffic, points, procedures, rollbacks, drill, until, lost } = toInertValue(given);
  const says = {
    yes: green('can go back by itself'),
    person: yellow('a person has to decide'),
    nothing: bold('nothing to take back'),
  };
  return [
    `${says[verdict]}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
    ...traffic.flatMap(({ rollout, shift, stands, heard, setMs }) => [
      `  ${rollout}: ${shift === null ? 'no shift was begun' : `${shift} ${stands ?? ''}`}; a weight takes ${toLength(setMs)} at most`,
      ...heard.map(
        ({ router, weight, at, detail }) =>
          `    ${router} ${weight === null ? `does not say (${detail})` : `says the canary has ${weight} %`}${at === null ? '' : ` at ${at}`}`,
      ),
    ]),
    ...points.map(({ text, state, detail }) => `  point of no return: ${text}: ${pointSays[state]} (${detail})`),
    ...procedures.map(({ procedure, p50Ms, p90Ms, gaps }) =>
      p90Ms === null
        ? `  ${procedure}: how long is not known: ${gaps.join('; ')}`
        : `  ${procedure}: ${toLength(p50Ms)} in half of all cases, ${toLength(p90Ms)} in nine of ten`,
    ),
    ...renderRollbacks(rollbacks, yellow),
    drill === null
      ? dim('  rehearsed with its way back: never')
      : `  rehearsed: ${drill.id} of ${drill.procedure} at ${drill.at}, ${drill.passed ? 'passed' : 'did not pass'}; taken back in ${toLength(drill.rollbackMs)}, verified in ${toLength(drill.verifyMs)}`,
    until === null
      ? dim('  until: no end is known')
      : `  until: ${until.at} (${until.kind === 'window' ? 'the change window closes' : 'the stable arm may go'})`,
    ...lost.map((one) => `  lost: ${one}`),
    '',
  ].join('\n');
}

function renderDrill({
  id,
  tookMs,
  passed,
  observedBy,
  waitsFor,
}: WayBackAnswer['rollbacks'][number]['drills'][number]): string {
  const seen = observedBy === null ? '' : ` (watched by ${observedBy})`;
  const waits = waitsFor.length === 0 ? '' : ` (${id} counts once it is attested by ${waitsFor.join(' or ')})`;
  return `${toLength(tookMs)}${passed ? '' : ' (did not pass)'}${seen}${waits}`;
}

function renderRollbacks(rollbacks: WayBackAnswer['rollbacks'], yellow: Palette['yellow']): string[] {
  return rollbacks.flatMap(({ procedure, kind, withinMs, drills, running }) => [
    `  ${procedure} (${kind}, within ${formatDuration(withinMs)}): ${drills.length === 0 ? 'never drilled' : `drilled in ${drills.map(renderDrill).join(', ')}`}`,
    ...(running === null
      ? []
      : [
          yellow(
            `    ${running.run} ${running.state.replaceAll('_', ' ')} since ${running.since}: ${running.done} of ${running.steps} steps${running.next === null ? '' : `, next: ${running.next}`}`,
          ),
        ]),
  ]);
}

const pointSays = {
  ahead: 'ahead, by the data',
  crossed: 'behind, by the data',
  unknown: 'not known',
  unasked: 'the data is not asked',
} as const;

/** What was not measured is said, and never shown as zero. */
function toLength(ms: number | null): string {
  return ms === null ? 'not measured' : formatDuration(ms);
}
