import type { Forecast } from '../../core/forecast/forecast.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { isFinal } from '../../core/procedure/run.ts';
import { forecastRun } from '../../engine/forecast-run.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { readRunView } from '../../engine/runs/read-run-view.ts';
import type { RunView } from '../../engine/runs/read-run-view.ts';
import type { Store } from '../../store/open-store.ts';
import { listRehearsals } from '../../store/rehearsal.ts';
import { listRuns } from '../../store/run.ts';
import type { RunLine } from '../../store/run.ts';
import type { CommandResult } from '../command-result.ts';
import { followRun } from '../follow-run.ts';
import type { GlobalOptions } from '../global-options.ts';
import { renderForecastLine } from '../render-forecast.ts';
import { toUtc } from '../format-utc.ts';
import { renderRun } from '../render-run.ts';
import { toRunExit } from '../run-exit.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';

export interface StatusOptions extends GlobalOptions {
  follow?: boolean;
  all?: boolean;
}

/** Shows where a run stands, once or until it ends; with `all`, every run of the launch. */
export async function status(shell: Shell, named: string | undefined, options: StatusOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    if (options.all === true) {
      const runs = await listRuns(store, { launch: scene.launch.id, environment: options.environment ?? null });
      const rehearsals = await listRehearsals(store, scene.launch.id);
      const { palette } = shell.terminal;
      return {
        exit: 0,
        json: { runs, rehearsals },
        text: `${renderRuns(runs, palette)}${renderRehearsals(rehearsals, palette)}`,
      };
    }
    const { run } = await findRun(
      store,
      { launch: scene.launch.id, environment: options.environment ?? null },
      named ?? null,
    );
    if (options.follow === true) return followRun(shell, store, run.id, { json: options.json === true });
    const view = await readRunView(store, run.id);
    const forecast = isFinal(view.run) ? null : await forecastOf(store, scene.launch, view);
    const line = forecast === null ? null : renderForecastLine(forecast, shell.terminal.palette);
    const text = `${renderRun(view, shell.terminal.palette)}${line === null ? '' : `forecast   ${line}\n`}`;
    return { exit: toRunExit(view.run), json: { ...view, forecast }, text };
  });
}

function forecastOf(store: Store, { id, windows, t0 }: Launch, { run, nowMs }: RunView): Promise<Forecast> {
  return forecastRun(store, { launch: { id, windows, t0 }, plan: run.plan, run, nowMs });
}

type RehearsalLine = Awaited<ReturnType<typeof listRehearsals>>[number];

/** Rehearsals of earlier plans and candidates are listed, too; for which they count stands beside them. */
function renderRehearsals(rehearsals: readonly RehearsalLine[], { bold, dim, green, red }: Palette): string {
  return rehearsals
    .map(({ id, procedure, environment, passed, planHash, at }) =>
      [
        bold(id),
        `${procedure} rehearsed in ${environment}`,
        passed ? green('passed') : red('did not pass'),
        dim(`plan ${planHash.slice(0, 12)}, ${toUtc(at.getTime())}`),
      ].join('  '),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function renderRuns(runs: readonly RunLine[], { bold, dim }: Palette): string {
  if (runs.length === 0) return 'no run yet: begin with "tminus rehearse" or "tminus run"\n';
  const lines = runs.map(({ id, procedure, mode, environment, state, requestedBy, createdAt }) =>
    [
      bold(id),
      `${procedure} ${mode} in ${environment}`,
      state.replaceAll('_', ' '),
      dim(`${requestedBy}, ${toUtc(createdAt.getTime())}`),
    ].join('  '),
  );
  return `${lines.join('\n')}\n`;
}
