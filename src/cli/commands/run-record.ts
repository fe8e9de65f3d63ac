import { toEvents } from '../../core/procedure/to-events.ts';
import type { Change } from '../../core/procedure/change.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { readEvents } from '../../store/event.ts';
import { readStepLog } from '../../store/step-record.ts';
import type { StoredLogPart } from '../../store/step-record.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toUtc } from '../format-utc.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

export interface EventsOptions extends GlobalOptions {
  after?: string;
  type?: string;
}

/** Prints the events of a run from a cursor on; the last cursor, handed in again, goes on where this ended. */
export async function events(shell: Shell, named: string | undefined, options: EventsOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const { run } = await findRun(
      store,
      { launch: scene.launch.id, environment: options.environment ?? null },
      named ?? null,
    );
    const kept = await readEvents(store, Number(options.after ?? '0'), { run: run.id, limit: 10_000 });
    const told = kept.flatMap(({ cursor, at, body }) =>
      toEvents(run, [body as unknown as Change]).map(({ type, step, text, data }) => ({
        cursor,
        at,
        type,
        step,
        text,
        data,
      })),
    );
    const wanted = told.filter(({ type }) => options.type === undefined || type.startsWith(options.type));
    const lines = wanted.map(
      ({ cursor, at, type, text }) => `${cursor} ${toUtc(Date.parse(at))} ${type.padEnd(20)} ${text}`,
    );
    return { exit: 0, json: { events: wanted, cursor: kept.at(-1)?.cursor ?? null }, text: `${lines.join('\n')}\n` };
  });
}

/** Prints what the steps of a run said. Secrets were taken out before it was kept. */
export async function log(
  shell: Shell,
  named: string,
  step: string | undefined,
  options: GlobalOptions,
): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const { run } = await findRun(store, { launch: scene.launch.id, environment: options.environment ?? null }, named);
    const parts = await readStepLog(store, run.id, step ?? null);
    return { exit: 0, json: { parts }, text: renderLog(parts, shell) };
  });
}

function renderLog(parts: readonly StoredLogPart[], { terminal }: Shell): string {
  const { bold, dim, yellow } = terminal.palette;
  let head = '';
  const lines = joinPieces(parts).flatMap(({ step, attempt, stream, body }) => {
    const own = `${step}, attempt ${attempt}`;
    const heading = own === head ? [] : [bold(own)];
    head = own;
    const paint = stream === 'out' ? (text: string) => text : stream === 'err' ? yellow : dim;
    return [
      ...heading,
      ...body
        .replace(/\n$/u, '')
        .split('\n')
        .map((line) => `  ${paint(line)}`),
    ];
  });
  return lines.length === 0 ? 'nothing was said\n' : `${lines.join('\n')}\n`;
}

/** Pieces are as they were written, and end in the middle of lines. */
function joinPieces(parts: readonly StoredLogPart[]): StoredLogPart[] {
  const joined: StoredLogPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.step === part.step && last.attempt === part.attempt && last.stream === part.stream)
      joined[joined.length - 1] = { ...last, body: last.body + part.body };
    else joined.push(part);
  }
  return joined;
}
