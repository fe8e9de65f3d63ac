import type { Forecast, StepForecast } from '../core/forecast/forecast.ts';
import type { ForecastGap } from '../core/forecast/forecast-gap.ts';
import type { WayBackForecast } from '../core/forecast/way-back.ts';
import { formatDuration } from './format-duration.ts';
import { toUtc, toUtcAndLocal } from './format-utc.ts';
import type { Palette } from './terminal.ts';

/** The forecast as people read it: when it is through, how late T-0 is, until when the way back fits, and which steps decide it. */
export function renderForecast(forecast: Forecast, palette: Palette): string {
  const { bold, dim } = palette;
  const { samples, seed, assumed } = forecast;
  return [
    `finish     ${finishOf(forecast, palette)}`,
    ...(forecast.t0 === null
      ? []
      : [`T-0        ${toUtcAndLocal(forecast.t0.plannedMs)}, ${slipOf(forecast.t0.slipMs)}`]),
    `way back   ${wayBackOf(forecast.wayBack, palette)}`,
    ...(assumed.length === 0 ? [] : [`assumed    ${assumed.join(', ')}: not measured, so every figure rests on it`]),
    ...(forecast.gaps.length === 0
      ? []
      : [dim('           measure them with "tminus rehearse", or assume a length with --assume 5m')]),
    ...(forecast.steps.length === 0
      ? []
      : ['', bold(row(['step', 'ends at P50', 'P90', 'critical', 'slack'])), ...forecast.steps.map(stepRow)]),
    '',
    dim(
      `${samples} samples of measured lengths, seed ${seed}; every step succeeding at once, so failures make it later`,
    ),
    '',
  ].join('\n');
}

/** The forecast in one line, for where a run is shown; null where there is nothing to say. */
export function renderForecastLine(forecast: Forecast, palette: Palette): string | null {
  const { finishMs, t0, wayBack, assumed } = forecast;
  if (finishMs === null && wayBack.decideByMs === null) return null;
  const marked = assumed.length === 0 ? '' : `, ${assumed.length} lengths assumed`;
  const parts = [
    ...(finishMs === null ? [] : [`through ${toUtc(finishMs.p50)} (P50), ${toUtc(finishMs.p90)} (P90)${marked}`]),
    ...(t0 === null || t0.slipMs.p90 <= 0 ? [] : [`T-0 ${formatDuration(t0.slipMs.p90)} late at P90`]),
    ...(wayBack.decideByMs === null ? [] : [wayBackOf(wayBack, palette)]),
  ];
  return `forecast   ${parts.join('; ')}`;
}

function finishOf({ finishMs, gaps }: Forecast, { bold, yellow }: Palette): string {
  if (finishMs !== null) return `${bold(toUtc(finishMs.p50))} at P50, ${bold(toUtc(finishMs.p90))} at P90`;
  return `${yellow('unknown')}: ${tellGaps(gaps)}`;
}

/** Steps that were never measured are named together; everything else says itself. */
function tellGaps(gaps: readonly ForecastGap[]): string {
  const never = gaps.flatMap(({ code, step }) => (code === 'never_measured' && step !== null ? [step] : []));
  const others = gaps.filter(({ code }) => code !== 'never_measured').map(({ text }) => text);
  return [...others, ...(never.length === 0 ? [] : [`never measured: ${never.join(', ')}`])].join('; ');
}

function slipOf({ p50, p90 }: { p50: number; p90: number }): string {
  return p50 === p90 ? toLate(p50) : `${toLate(p50)} at P50, ${toLate(p90)} at P90`;
}

function toLate(ms: number): string {
  return ms <= 0 ? 'on time' : `${formatDuration(ms)} late`;
}

function wayBackOf(back: WayBackForecast, { red, yellow }: Palette): string {
  const { p90Ms, end, gaps, verdict, decideByMs, spareMs } = back;
  if (verdict === 'no_way_back') return 'no step ahead declares one';
  const length = p90Ms === null ? `unknown: ${tellGaps(gaps)}` : `undo takes ${formatDuration(p90Ms)} at P90`;
  if (end === null) return length;
  const until = `the ${end.kind === 'window' ? 'window ends' : 'run times out at'} ${toUtc(end.atMs)}`;
  if (decideByMs === null || spareMs === null) return `${yellow(length)}; ${until}`;
  if (verdict === 'too_late') return red(`${length}; ${until}: it has not fitted since ${toUtc(decideByMs)}`);
  const decide = `decide by ${toUtc(decideByMs)}, ${formatDuration(Math.max(0, spareMs))} from now`;
  const warning = 'and at P90 the last step that can be taken back ends after that';
  return verdict === 'will_be_too_late'
    ? yellow(`${length}; ${until}: ${decide}, ${warning}`)
    : `${length}; ${until}: ${decide}`;
}

function stepRow({ step, endMs, critical, slackMs }: StepForecast): string {
  const slack = slackMs < 1 ? '-' : formatDuration(slackMs);
  return row([step, toUtc(endMs.p50), toUtc(endMs.p90), `${Math.round(critical * 100)} %`, slack]);
}

function row([step = '', ...cells]: string[]): string {
  return `  ${step.padEnd(26)} ${cells.map((cell, place) => (place < 2 ? cell.padEnd(21) : cell.padStart(9))).join(' ')}`.trimEnd();
}
