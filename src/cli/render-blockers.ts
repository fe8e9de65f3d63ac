import type { Blocker } from '../core/procedure/explain-run.ts';
import { plannedSteps } from '../core/procedure/draft.ts';
import { isBusy } from '../core/procedure/readiness.ts';
import type { InputKind } from '../core/procedure/run-input.ts';
import type { Run } from '../core/procedure/run.ts';
import type { RunView } from '../engine/runs/read-run-view.ts';
import { toUtcAndLocal } from './format-utc.ts';
import type { Palette } from './terminal.ts';

/** What a run waits for, until when, what happens then, who can act, and what they type (law 10). */
export function renderBlockers(view: RunView, palette: Palette): string[] {
  const { run, explanation } = view;
  const { bold, yellow } = palette;
  const shown = explanation.blockers.filter(({ kind }) => kind !== 'needs' && kind !== 'worker');
  const lines = [
    ...shown.flatMap((blocker) => renderBlocker(run, blocker, palette)),
    ...keptBack(view).map(({ step, body }) => `  ${yellow(step)}  ${body}`),
    ...(hasNobody(view) ? [`  ${yellow('no worker is there')}: start one with "tminus worker"`] : []),
  ];
  return lines.length === 0 ? [] : ['', bold('Waits for'), ...lines];
}

/** What workers said of steps that were handed to them, and that they could not begin. */
function keptBack({ run, notes }: RunView): RunView['notes'] {
  return notes.filter(({ step, attempt }) => {
    const now = run.steps[step];
    return now?.state === 'ready' && now.attempt === attempt;
  });
}

/** A worker says every few seconds that it is there. */
const silentAfterMs = 20_000;

function hasNobody({ run, workers }: RunView): boolean {
  const isWanted = run.state === 'queued' || Object.values(run.steps).some(isBusy);
  return isWanted && workers.every(({ silentMs }) => silentMs > silentAfterMs);
}

/** What the words of the plan mean to whoever waits. */
const limits: { [onLimit: string]: string } = {
  escalate: 'others are called, too',
  hold: 'the run holds',
  fail: 'the run fails',
};

function renderBlocker(run: Run, blocker: Blocker, { dim, yellow }: Pick<Palette, 'dim' | 'yellow'>): string[] {
  const { kind, step, why, untilMs, onLimit, people, unblockedBy } = blocker;
  const limit = onLimit === null ? '' : `, then ${limits[onLimit] ?? onLimit}`;
  const until = untilMs === null ? '' : `, until ${toUtcAndLocal(untilMs)}${limit}`;
  // Who may vote follows from rights, and from who had a hand in the run; "tminus approve" says it.
  const who = people.length === 0 || kind === 'approval' ? '' : dim(`  ${people.join(', ')}`);
  const how = unblockedBy.map((input) => toCommand(run, input, blocker)).join('  or  ');
  return [`  ${yellow(step ?? run.id)}  ${why}${until}${who}`, ...(how === '' ? [] : [dim(`    ${how}`)])];
}

/** What a person types to unblock it; everybody adds who they are with --as. */
function toCommand(run: Run, input: InputKind, blocker: Blocker): string {
  const subject = blocker.step ?? run.id;
  if (input === 'release') return toResume(run, blocker);
  if (input === 'approve') return `tminus approve ${run.id}`;
  if (input === 'reject') return `tminus approve ${run.id} --no-go`;
  if (input === 'enqueue' || input === 'start') return `tminus start ${run.id}`;
  if (input === 'cancel' || input === 'undo') return `tminus ${input} ${run.id} --reason WHY`;
  if (input === 'confirm') {
    const proof = plannedSteps(run.plan).get(subject)?.proof ?? null;
    return `tminus confirm ${subject}${proof === null ? '' : ` --proof ${proof.toUpperCase()}`}`;
  }
  if (input === 'settle') return `tminus settle ${subject} --done | --failed --reason WHY`;
  const verb = input === 'permit_late' ? 'begin-late' : input.replaceAll('_', '-');
  return `tminus ${verb} ${subject} --reason WHY`;
}

/** A hold is named where there are several; one that is on more than this run is lifted where it was put. */
function toResume(run: Run, { why }: Blocker): string {
  const all = [...run.holds.map(({ id }) => id), ...(run.clock?.stops ?? []).map(({ id }) => id)];
  const id = all.find((one) => why.includes(`hold ${one}`)) ?? all[0] ?? '';
  const outer = run.holds.find((hold) => hold.id === id && ['global', 'launch', 'environment'].includes(hold.scope));
  if (outer) return `tminus resume --everywhere --id ${id} --reason WHY`;
  return `tminus resume ${run.id}${new Set(all).size > 1 ? ` --id ${id}` : ''} --reason WHY`;
}
