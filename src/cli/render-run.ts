import { plannedSteps } from '../core/procedure/draft.ts';
import type { PlannedStep } from '../core/procedure/plan.ts';
import { undoPlan } from '../core/procedure/undo-plan.ts';
import { isFinal } from '../core/procedure/run.ts';
import type { StepRun } from '../core/procedure/run.ts';
import type { RunView } from '../engine/runs/read-run-view.ts';
import { formatDuration } from './format-duration.ts';
import { formatCount } from './format-count.ts';
import { toUtc, toUtcAndLocal } from './format-utc.ts';
import { renderBlockers } from './render-blockers.ts';
import type { Palette } from './terminal.ts';

/** Where a run stands, as people read it: the count, every step, what is waited for and who can act, progress and the point of no return. */
export function renderRun(view: RunView, palette: Palette): string {
  const { run } = view;
  return [
    renderRunHead(view, palette),
    '',
    ...renderSteps(view, palette),
    ...renderBlockers(view, palette),
    '',
    ...renderFoot(view, palette),
    ...(isFinal(run)
      ? [`${palette.bold(run.state.replaceAll('_', ' '))}${run.endingReason === null ? '' : `: ${run.endingReason}`}`]
      : []),
    '',
  ].join('\n');
}

function renderRunHead({ launch, run, explanation, nowMs }: RunView, { bold, dim, yellow }: Palette): string {
  const { countMs, isCounting, t0Ms } = explanation;
  const count =
    countMs === null ? '' : `   ${bold(formatCount(countMs))}${isCounting || isFinal(run) ? '' : yellow(' held')}`;
  // After T-0 the instant that the count began from says nothing any more: holds have moved it.
  const t0 = t0Ms === null || countMs === null || countMs >= 0 ? '' : dim(`   T-0 at ${toUtcAndLocal(t0Ms)}`);
  const clock = run.mode === 'rehearsal' ? dim(`   clock ${toUtc(nowMs)}`) : '';
  return `${bold(run.id)}  ${launch} / ${run.plan.title}  ${run.mode} in ${run.plan.environment.id}  ${paintState(run.state, { bold, dim, yellow } as Palette)}${count}${t0}${clock}`;
}

function paintState(state: string, { bold }: Palette): string {
  return bold(state.replaceAll('_', ' '));
}

const marks: { [state in StepRun['state']]: string } = {
  pending: '·',
  ready: '›',
  running: '▶',
  verifying: '?',
  waiting: '…',
  waiting_human: '☐',
  done: '✓',
  skipped: '↷',
  failed: '✗',
  timed_out: '✗',
  cancelled: '–',
  unknown: '?',
};

function renderSteps({ run, nowMs, notes }: RunView, palette: Palette): string[] {
  const planned = plannedSteps(run.plan);
  let phase: string | null = null;
  return Object.values(run.steps).map((step) => {
    const plan = planned.get(step.id);
    const at = step.part === 'undo' ? 'undo' : plan?.timer.kind === 'offset' ? formatCount(plan.timer.offsetMs) : '';
    const shown = at === phase ? '' : at;
    phase = at;
    const note = notes.find((one) => one.step === step.id);
    const mark = paint(step.state, palette)(marks[step.state]);
    const text = [shown.padEnd(12), mark, step.id.padEnd(22), whatIsUp(step, plan, nowMs), noteOf(step, note)];
    return `  ${text.filter((part) => part !== '').join(' ')}`.trimEnd();
  });
}

function paint(state: StepRun['state'], { green, red, yellow, cyan, dim }: Palette): (text: string) => string {
  if (state === 'done') return green;
  if (state === 'failed' || state === 'timed_out' || state === 'unknown') return red;
  if (state === 'waiting_human' || state === 'waiting' || state === 'verifying') return yellow;
  return state === 'running' || state === 'ready' ? cyan : dim;
}

function whatIsUp(step: StepRun, plan: PlannedStep | undefined, nowMs: number): string {
  const since = step.startedAtMs ?? nowMs;
  const limit = plan?.limitMs ? ` of ${formatDuration(plan.limitMs)}` : '';
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  if (step.state === 'running') return `running ${formatDuration(Math.max(0, nowMs - since))}${limit}${attempt}`;
  if (step.endedAtMs === null) return step.state === 'pending' ? (plan?.role ?? '') : step.state.replaceAll('_', ' ');
  const took = step.startedAtMs === null ? '' : ` in ${formatDuration(Math.max(0, step.endedAtMs - step.startedAtMs))}`;
  const detail = step.detail === null ? '' : `: ${step.detail.split('\n')[0]?.slice(0, 90)}`;
  const proof = step.proof === null || step.proof === '' ? '' : ` (${step.proof.slice(0, 60)})`;
  return `${step.state.replaceAll('_', ' ')}${took}${attempt}${detail}${proof}`;
}

function noteOf(step: StepRun, note: { done: number; total: number | null; body: string } | undefined): string {
  if (!note || step.state !== 'running') return '';
  const share = note.total === null ? '' : `${note.done} of ${note.total} `;
  return `${share}${note.body}`.trim();
}

/** Words that stay in sight, whatever came after them. */
const loud: readonly string[] = ['exception', 'tainted', 'sweep'];

function renderFoot({ run, progress, messages, sightings }: RunView, { dim, red, yellow }: Palette): string[] {
  const eta = progress.etaMs === null ? '' : `, done by about ${toUtcAndLocal(progress.etaMs)}`;
  const unmeasured =
    !isFinal(run) && progress.etaMs === null && progress.unmeasured.length > 0
      ? dim(
          `, never measured: ${progress.unmeasured.slice(0, 5).join(', ')}${progress.unmeasured.length > 5 ? ' …' : ''}`,
        )
      : '';
  const { state, by } = run.returnPoint;
  const point = state === 'ahead' ? 'ahead' : yellow(`${state}${by === null ? '' : ` by ${by}`}`);
  const last = isFinal(run) ? undefined : messages.at(-1);
  const isGoingBack = run.state === 'undoing' || run.state === 'partial' || run.state === 'rolled_back';
  const stays = isGoingBack ? undoPlan(run).cannot.filter(({ matters }) => matters) : [];
  return [
    `progress   ${progress.completed + progress.skipped} of ${progress.total} steps, ${progress.percent} %${eta}${unmeasured}`,
    `no return  ${point}`,
    ...stays.map(({ step, why }) => yellow(`stays      ${step}: ${why}`)),
    ...sightings.map(({ place, secret, decodings }) =>
      red(`tainted    ${secret} in ${[place, ...decodings].join(' > ')}`),
    ),
    ...messages.filter(({ what }) => loud.includes(what)).map(({ body }) => red(body)),
    ...(last ? [`last word  ${last.body}${last.people.length === 0 ? '' : ` -> ${last.people.join(', ')}`}`] : []),
  ];
}
