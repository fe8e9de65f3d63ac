import type { Foreseen } from '../engine/rollout/foresee-shift.ts';
import type { DeclaredLook } from '../engine/rollout/look-at-declared.ts';
import { explainDispersion } from '../core/rollout/dispersion-history.ts';
import { describeShiftEntry } from '../core/rollout/describe-entry.ts';
import { explainRollout } from '../core/rollout/explain-rollout.ts';
import { explainVerdict } from '../core/rollout/explain-verdict.ts';
import type { RolloutPhase } from '../core/rollout/rollout.ts';
import type { DeclaredShift, Shift } from '../store/rollout.ts';
import type { ShiftEntry } from '../store/rollout-entry.ts';
import { formatDuration } from './format-duration.ts';
import { toUtc } from './format-utc.ts';
import { toInertValue } from './inert.ts';
import { renderDifferences } from './render-differences.ts';
import type { Palette } from './terminal.ts';

/** Where a rollout stands, as people read it: weight, phase, verdicts, what was exposed, and what happened. */
export function renderShift(
  given: Shift,
  journal: readonly ShiftEntry[],
  { broken, palette }: { broken: number | null; palette: Palette },
): string {
  const shift = toInertValue(given);
  const { bold, dim, red } = palette;
  const { state } = shift;
  const told = toInertValue(journal).flatMap((entry) => renderEntry(entry, palette));
  return [
    `${bold(shift.id)}  ${shift.rollout} in ${shift.environment}: ${paintStanding(shift.stands, palette)}, canary ${bold(`${state.weight.asked} %`)}  ${dim(`version ${shift.version}`)}`,
    dim(
      `plan ${shift.planHash.slice(0, 12)}, candidate ${shift.candidateSha256.slice(0, 12)}, started by ${shift.requester}: ${shift.reason}`,
    ),
    '',
    ...shift.declared.rollout.phases.map((phase, place) => renderPhase(phase, { shift, place, palette })),
    ...renderNow(shift, palette),
    '',
    ...told,
    ...(broken === null ? [] : [red(`the journal does not hold from entry ${broken} on: run "tminus doctor"`)]),
    '',
  ].join('\n');
}

function paintStanding(stands: string, { green, red, yellow, bold }: Palette): string {
  if (stands === 'completed') return green(stands);
  if (stands === 'rolled-back' || stands === 'aborted' || stands === 'going-back') return red(stands);
  return stands === 'held' ? yellow(stands) : bold(stands);
}

function renderPhase(
  { id, weight }: RolloutPhase,
  { shift, place, palette }: { shift: Shift; place: number; palette: Palette },
): string {
  const { green, yellow, dim } = palette;
  const report = shift.state.reports.find(({ phase }) => phase === id);
  const name = `${String(weight).padStart(4)} %  ${id.padEnd(16)}`;
  if (report) {
    const { ended, fromMs, toMs, exposed, verdicts } = report;
    const how = `${ended} after ${formatDuration(toMs - fromMs)}, ${printExposed(exposed)}`;
    const scene = { rollout: shift.declared.rollout, phase: place };
    const why = verdicts.map((verdict) => `; ${verdict.measure} ${explainVerdict(verdict, scene).text}`);
    return `  ${ended === 'passed' ? green('✓') : yellow('→')} ${name} ${dim(`${how}${why.join('')}`)}`;
  }
  const isHere = place === shift.state.phase && shift.endedAt === null;
  return `  ${isHere ? '▶' : '·'} ${name} ${isHere ? printExposed(shift.state.phaseExposed) : ''}`.trimEnd();
}

function printExposed({ requests, exact }: { requests: number; exact: boolean | null }): string {
  if (exact === null) return 'exposed requests are not counted';
  return `${exact ? '' : 'at least '}${requests} requests exposed`;
}

function renderNow({ state, endedAt }: Shift, palette: Palette): string[] {
  const { yellow, dim } = palette;
  const { headline, waits, measures } = explainRollout(state);
  const open = endedAt === null ? waits : [];
  return [
    `  ${headline}`,
    ...measures.map(({ measure, text }) => `  ${measure}: ${text}`),
    ...Object.entries(state.history ?? {}).map(([measure, source]) =>
      dim(`  ${measure}: ${explainDispersion(source)}`),
    ),
    ...renderShadow(state.differences ?? null, palette),
    ...open.map(({ text, unblock, who }) => `  ${yellow('waits')} ${text}; ${dim(`${who}: ${unblock}`)}`),
  ];
}

/** What a shadow found, where there is one. */
function renderShadow(differences: Shift['state']['differences'], palette: Palette): string[] {
  return differences ? ['  shadow', ...renderDifferences(differences, palette).map((line) => `    ${line}`)] : [];
}

/** One line of an entry of the journal; none for what is only a look. */
export function renderEntry({ kind, at, body }: ShiftEntry, { dim }: Palette): string[] {
  if (kind === 'looked' || kind === 'weight_asked') return [];
  return [`${dim(toUtc(Date.parse(at)))} ${kind.replaceAll('_', ' ').padEnd(16)} ${describeShiftEntry(kind, body)}`];
}

/** What a rollout would do and from where, and what stands against it. */
export function renderPlannedRollout(
  given: {
    declared: DeclaredShift;
    seen: DeclaredLook;
    foreseen: Foreseen;
    against: readonly string[];
    environment: string;
  },
  palette: Palette,
): string {
  const { declared, seen, foreseen, against, environment } = toInertValue(given);
  const { bold, dim, green, red } = palette;
  const { rollout } = declared;
  return [
    `${bold(rollout.id)}  ${rollout.title} in ${environment}: would ${against.length === 0 ? green('begin') : red('be refused')}; nothing was moved`,
    '',
    ...rollout.phases.map(
      ({ weight, id, minTimeMs, maxTimeMs, minRequests, bakeMs }) =>
        `  ${String(weight).padStart(4)} %  ${id.padEnd(16)} ${formatDuration(minTimeMs)} to ${formatDuration(maxTimeMs)}, ${minRequests} requests${bakeMs > 0 ? `, then ${formatDuration(bakeMs)} under watch` : ''}`,
    ),
    '',
    ...Object.entries(seen.routers).map(([id, read]) =>
      'trouble' in read
        ? `  router ${id}: ${red(read.trouble)}`
        : `  router ${id}: canary has ${read.weight} %; ${printAbilities(seen.abilities[id])}`,
    ),
    ...Object.entries(seen.measures).map(
      ([id, reading]) =>
        `  measure ${id}: ${reading.state === 'read' ? `${reading.samples.length} counters` : `${reading.state.replace('_', ' ')}: ${reading.reason}`}`,
    ),
    `  traffic: ${Number(foreseen.requestsPerSecond.toPrecision(3))} requests a second`,
    ...foreseen.dispersions.map(({ measure, text }) => dim(`  measure ${measure}: ${text}`)),
    ...foreseen.visibilities.map(({ phase, measure, text }) => `  ${phase}, ${measure}: ${text}`),
    ...against.map((reason) => red(`  against it: ${reason}`)),
    dim(
      `  on failure: ${rollout.onFail}${rollout.wayBack === null ? ', only the weight goes back' : `, then ${rollout.wayBack}`}`,
    ),
    '',
  ].join('\n');
}

function printAbilities(abilities: DeclaredLook['abilities'][string] | undefined): string {
  if (abilities === undefined) return 'what it can is not known';
  const { sticky, loss, flips } = abilities;
  const kept = sticky ? 'users stay where they went' : 'users may change sides';
  return `${kept}, ${loss ?? 'loses no request'}${flips ? ', only 0 and 100' : ''}`;
}
