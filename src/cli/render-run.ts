import type { Blocker } from '../core/procedure/explain-run.ts';
import { plannedSteps } from '../core/procedure/draft.ts';
import type { PlannedStep } from '../core/procedure/plan.ts';
import { isFinal } from '../core/procedure/run.ts';
import type { Run, StepRun } from '../core/procedure/run.ts';
import type { RunView } from '../engine/runs/read-run-view.ts';
import { formatDuration } from './format-duration.ts';
import { formatCount } from './format-count.ts';
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
  const t0 = t0Ms === null ? '' : dim(`   T-0 at ${toUtc(t0Ms)}`);
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

function renderBlockers(view: RunView, palette: Palette): string[] {
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
  const isIdle = Object.values(run.steps).some(({ state }) => state === 'ready' || state === 'verifying');
  return (isIdle || run.state === 'queued') && workers.every(({ silentMs }) => silentMs > silentAfterMs);
}

/** What the words of the plan mean to whoever waits. */
const limits: { [onLimit: string]: string } = {
  escalate: 'others are called, too',
  hold: 'the run holds',
  fail: 'the run fails',
};

function renderBlocker(run: Run, blocker: Blocker, { dim, yellow }: Pick<Palette, 'dim' | 'yellow'>): string[] {
  const { step, why, untilMs, onLimit, people, unblockedBy } = blocker;
  const until =
    untilMs === null
      ? ''
      : `, until ${toUtc(untilMs)}${onLimit === null ? '' : `, then ${limits[onLimit] ?? onLimit}`}`;
  const who = people.length === 0 ? '' : dim(`  ${people.join(', ')}`);
  const how =
    unblockedBy.length === 0 ? '' : dim(`  ${unblockedBy.map((kind) => toCommand(run, kind, step)).join('  or  ')}`);
  return [`  ${yellow(step ?? run.id)}  ${why}${until}${who}`, ...(how === '' ? [] : [`    ${how}`])];
}

const commands: { [kind: string]: string } = { release: 'resume', approve: 'approve', permit_late: 'begin-late' };

/** Deeds that are about the run, also where it is a step that waits. */
const ofRun = new Set(['release', 'approve', 'cancel', 'undo', 'hold']);

/** What a person types to unblock it. */
function toCommand(run: Run, kind: string, step: string | null): string {
  const verb = commands[kind] ?? kind.replaceAll('_', '-');
  const subject = step === null || ofRun.has(kind) ? run.id : step;
  return kind === 'reject' ? `tminus approve ${run.id} --no-go` : `tminus ${verb} ${subject}`;
}

/** Words that stay in sight, whatever came after them. */
const loud: readonly string[] = ['exception', 'tainted', 'sweep'];

function renderFoot({ run, progress, messages }: RunView, { dim, red, yellow }: Palette): string[] {
  const eta = progress.etaMs === null ? '' : `, done by about ${toUtc(progress.etaMs)}`;
  const unmeasured =
    !isFinal(run) && progress.etaMs === null && progress.unmeasured.length > 0
      ? dim(
          `, never measured: ${progress.unmeasured.slice(0, 5).join(', ')}${progress.unmeasured.length > 5 ? ' …' : ''}`,
        )
      : '';
  const { state, by } = run.returnPoint;
  const point = state === 'ahead' ? 'ahead' : yellow(`${state}${by === null ? '' : ` by ${by}`}`);
  const last = isFinal(run) ? undefined : messages.at(-1);
  return [
    `progress   ${progress.completed + progress.skipped} of ${progress.total} steps, ${progress.percent} %${eta}${unmeasured}`,
    `no return  ${point}`,
    ...messages.filter(({ what }) => loud.includes(what)).map(({ body }) => red(body)),
    ...(last ? [`last word  ${last.body}${last.people.length === 0 ? '' : ` -> ${last.people.join(', ')}`}`] : []),
  ];
}

/** An instant to the second, in UTC. */
export function toUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
