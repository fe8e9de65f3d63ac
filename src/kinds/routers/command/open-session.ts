import { z } from 'zod';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import { parseJson } from '../../checks/parse-json.ts';
import { runProcess } from '../../checks/run-process.ts';
import { toPlainText } from '../../checks/unreadable.ts';
import { resolveInWorkspace } from '../../checks/workspace-file.ts';
import { assertWeight } from '../weight-parts.ts';
import { toArgv } from './schema.ts';
import type { CommandOptions } from './schema.ts';

const count = z.int().nonnegative();
const answerSchema = z.strictObject({
  weight: z.number().min(0).max(100),
  requests: z.strictObject({ stable: count, canary: count }).nullable().default(null),
  healthy: z
    .strictObject({ stable: z.boolean().nullable(), canary: z.boolean().nullable() })
    .default({ stable: null, canary: null }),
  detail: z.string().default(''),
});

const largestOutput = 256 * 1024;
/** Variables that a program needs to find itself and its user's files; no other is inherited, so no secret of ours is. */
const inherited = ['PATH', 'HOME', 'LANG'];

/** Opens a session. Whether the router counts requests, its first reading says; one that fails is no reason not to set a weight. */
export async function openCommandSession(options: CommandOptions, context: RouterContext): Promise<RouterSession> {
  const first = await read(options, context).catch(() => null);
  const set = async (weight: number): Promise<void> => {
    assertWeight(weight);
    if (options.flips && weight > 0 && weight < 100)
      throw new RouterTrouble('weight', `weight ${weight}: expected 0 or 100 of a router that only flips`);
    await run(options.set, { values: { weight: String(weight) }, timeoutMs: options.timeout }, context);
    const taken = (await read(options, context)).weight;
    if (Math.abs(taken - weight) > 1e-6)
      throw new RouterTrouble('not_taken', `expected weight ${weight}, got ${taken} when it was read after it was set`);
  };
  return {
    abilities: {
      sticky: options.sticky,
      loss: options.loss,
      flips: options.flips,
      drains: options.drain !== null,
      counts: first !== null && first.requests !== null,
    },
    read: () => read(options, context),
    set,
    async drain(arm) {
      if (options.drain === null)
        throw new RouterTrouble('cannot_drain', `drain of ${arm}: expected the option drain, got none`);
      await run(options.drain, { values: { arm }, timeoutMs: 10 * options.timeout }, context);
    },
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

async function read(options: CommandOptions, context: RouterContext): Promise<RouterReading> {
  const output = await run(options.read, { values: {}, timeoutMs: options.timeout }, context);
  try {
    const { detail, ...answer } = answerSchema.parse(parseJson(output));
    return { atMs: context.now(), ...answer, detail: toPlainText(detail || `weight ${answer.weight}`) };
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const reason = issue === undefined ? (error as Error).message : `${issue.path.join('.') || 'it'}: ${issue.message}`;
    throw new RouterTrouble(
      'unreadable',
      `${options.read}: expected one JSON object with weight from 0 to 100, got another; ${toPlainText(reason)}`,
    );
  }
}

interface Running {
  values: { readonly [name: string]: string };
  timeoutMs: number;
}

/** Returns what the program printed. Throws `RouterTrouble` unless it ended by itself, with 0, and said all of it. */
async function run(text: string, { values, timeoutMs }: Running, context: RouterContext): Promise<Uint8Array> {
  const argv = (toArgv(text) ?? []).map((each) =>
    each.replaceAll(/\$(weight|arm)\b/g, (_, name: string) => values[name] ?? _),
  );
  const cwd = await resolveInWorkspace(context.workspace, '.');
  if (!cwd.ok) throw new RouterTrouble(cwd.trouble.code, cwd.trouble.message);
  const end = await runProcess({
    argv,
    cwd: cwd.path,
    env: environment(context),
    timeoutMs,
    limit: largestOutput,
    signal: context.signal,
  });
  const name = argv[0] ?? '';
  if (end.stopped === 'aborted') throw new RouterTrouble('aborted', `${name}: cancelled`);
  if (end.stopped === 'timeout')
    throw new RouterTrouble('timeout', `${name}: expected an end within ${timeoutMs} ms, got none; it was killed`);
  if (end.startError !== null)
    throw new RouterTrouble('unreachable', `${name}: expected a program that can be started, got ${end.startError}`);
  if (end.exit !== 0) {
    const told = toPlainText(new TextDecoder().decode(end.stderr.bytes));
    throw new RouterTrouble(
      'refused',
      `${name}: expected exit 0, got ${end.exit ?? end.signal}${told === '' ? '' : `: ${told}`}`,
    );
  }
  if (end.stdout.truncated)
    throw new RouterTrouble('unreadable', `${name}: expected at most ${largestOutput} bytes, got ${end.stdout.total}`);
  return end.stdout.bytes;
}

/** The secret of the router, if it has one, stands in `TMINUS_SECRET`: arguments can be read by everybody on the machine. */
function environment({ secret }: RouterContext): { [name: string]: string } {
  const base = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return secret === null ? base : { ...base, TMINUS_SECRET: secret.exposeText() };
}
