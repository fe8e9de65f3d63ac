import { setTimeout as pause } from 'node:timers/promises';

import { isFinal } from '../core/procedure/run.ts';
import { toEvents } from '../core/procedure/to-events.ts';
import type { Change } from '../core/procedure/change.ts';
import { readRunView } from '../engine/runs/read-run-view.ts';
import { readEvents } from '../store/event.ts';
import type { Store } from '../store/open-store.ts';
import type { CommandResult } from './command-result.ts';
import { toUtc } from './format-utc.ts';
import { renderRun } from './render-run.ts';
import { toRunExit } from './run-exit.ts';
import type { Shell } from './shell.ts';

const everyMs = 500;

/**
 * Shows a run until it ends, or until the command is interrupted: the countdown, drawn over itself, where a person watches; a line for each event
 * where a program reads. What is shown is read from the store each time, so that a restart of the database costs a line and nothing else.
 */
export async function followRun(
  shell: Shell,
  store: Store,
  id: string,
  { json }: { json: boolean },
): Promise<CommandResult> {
  const screen = openScreen(shell, json);
  let cursor = 0;
  for (;;) {
    const view = await readRunView(store, id);
    cursor = await tellEvents(shell, store, { id, cursor, quiet: json || shell.terminal.interactive });
    screen.draw(() => renderRun(view, shell.terminal.palette));
    if (isFinal(view.run) || shell.signal.aborted) {
      screen.clear();
      const exit = isFinal(view.run) ? toRunExit(view.run) : 130;
      return { exit, json: view, text: renderRun(view, shell.terminal.palette) };
    }
    await pause(everyMs, undefined, { signal: shell.signal }).catch(() => undefined);
  }
}

async function tellEvents(
  { terminal }: Shell,
  store: Store,
  { id, cursor, quiet }: { id: string; cursor: number; quiet: boolean },
): Promise<number> {
  if (quiet) return cursor;
  const events = await readEvents(store, cursor, { run: id });
  for (const { at, body } of events) {
    for (const { type, text } of toEvents({ id }, [body as unknown as Change]))
      if (type !== 'step.progress') terminal.err(`${toUtc(Date.parse(at))} ${type.padEnd(20)} ${text}\n`);
  }
  return events.at(-1)?.cursor ?? cursor;
}

interface Screen {
  draw(render: () => string): void;
  clear(): void;
}

/** The last picture is taken away before the next is drawn. */
function openScreen({ terminal }: Shell, quiet: boolean): Screen {
  let lines = 0;
  const clear = (): void => {
    if (lines > 0) terminal.rewind(lines);
    lines = 0;
  };
  if (quiet || !terminal.interactive) return { draw: () => undefined, clear: () => undefined };
  return {
    draw(render) {
      clear();
      const text = render();
      lines = countRows(text, terminal.columns);
      terminal.err(text);
    },
    clear,
  };
}

/** Lines as they are wrapped by the terminal; colours take no room. */
function countRows(text: string, columns: number): number {
  const rows = text.split('\n').slice(0, -1);
  return rows.reduce(
    (sum, row) => sum + Math.max(1, Math.ceil(row.replaceAll(/\u001B\[[0-9;]*m/gu, '').length / columns)),
    0,
  );
}
