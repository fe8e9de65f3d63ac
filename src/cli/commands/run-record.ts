import { ProductError } from '../../core/error/product-error.ts';
import { runEventTypes } from '../../core/procedure/run-event-types.ts';
import type { RunEventType } from '../../core/procedure/run-event-types.ts';
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

/**
 * Prints the events of a run from a cursor on; the last cursor, handed in again, goes on where this ended. A change that is told as several events has
 * one cursor: `part` counts them, so that both together name one event.
 */
export async function events(shell: Shell, named: string | undefined, options: EventsOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const after = toCursor(options.after ?? '0');
    const isWanted = toFilter(options.type);
    const { run } = await findRun(
      store,
      { launch: scene.launch.id, environment: options.environment ?? null },
      named ?? null,
    );
    const kept = await readEvents(store, after, { run: run.id, limit: 10_000 });
    const told = kept.flatMap(({ cursor, at, body }) =>
      toEvents(run, [body as unknown as Change]).map(({ type, step, text, data }, part) => ({
        cursor,
        part,
        at,
        type,
        step,
        text,
        data,
      })),
    );
    const wanted = told.filter(({ type }) => isWanted(type));
    const lines = wanted.map(
      ({ cursor, part, at, type, text }) =>
        `${part === 0 ? cursor : `${cursor}.${part}`} ${toUtc(Date.parse(at))} ${type.padEnd(20)} ${text}\n`,
    );
    return { exit: 0, json: { events: wanted, cursor: kept.at(-1)?.cursor ?? after }, text: lines.join('') };
  });
}

function toCursor(written: string): number {
  const cursor = Number(written);
  if (/^\d+$/.test(written) && Number.isSafeInteger(cursor)) return cursor;
  throw new ProductError('usage', `--after: expected a cursor, got ${written}`, {
    hint: 'take the cursor that "tminus events --json" ended with, or leave it out for all',
  });
}

/** A type that is none would show nothing, and look as if nothing had happened. */
function toFilter(wanted: string | undefined): (type: RunEventType) => boolean {
  const isOf = (type: string): boolean => wanted === undefined || type === wanted || type.startsWith(`${wanted}.`);
  if (Object.keys(runEventTypes).some(isOf)) return isOf;
  throw new ProductError('usage', `--type: expected a type or family of events, got ${wanted}`, {
    hint: `name one of ${Object.keys(runEventTypes).join(', ')}, or what stands before the dot`,
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
