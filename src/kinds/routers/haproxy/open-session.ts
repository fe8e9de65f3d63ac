import { setTimeout as pause } from 'node:timers/promises';

import type { Arm } from '../../../core/rollout/rollout.ts';
import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import { placeInWorkspace, replaceFile } from '../replace-file.ts';
import { createRouterCalls } from '../router-calls.ts';
import { openSocket } from './ask-socket.ts';
import type { AskHaproxy } from './ask-socket.ts';
import { parseServers, refusalIn, toMapFile } from './parse-answers.ts';
import type { ServerLine } from './parse-answers.ts';
import type { HaproxyOptions } from './schema.ts';
import { mapCommands, readMapWeight } from './split-by-map.ts';
import { serversWeight, weightCommands } from './split-by-servers.ts';

/** A backend in hand, and how it is asked. */
export interface HaproxyBackend {
  options: HaproxyOptions;
  ask: AskHaproxy;
}

/** Time between two looks at an arm that is drained. */
const drainLookMs = 25;

/** Opens a session with a HAProxy and asks it once, so that one that is not there is told of before a rollout begins. */
export async function openHaproxySession(options: HaproxyOptions, context: RouterContext): Promise<RouterSession> {
  const ask = await openSocket(options.socket, context, createRouterCalls(context, options.timeout));
  const stateFile = options.state === null ? null : await placeInWorkspace(context.workspace, options.state);
  const backend: HaproxyBackend = { options, ask };
  await readArms(backend);
  const set = async (weight: number): Promise<void> => {
    await setWeight(backend, weight);
    await keepState(backend, stateFile);
  };
  return {
    abilities: { sticky: options.map !== null, loss: null, flips: false, drains: true, counts: true },
    read: () => read(backend, () => context.now()),
    set,
    async drain(arm) {
      await startDrain(backend, arm);
      await keepState(backend, stateFile);
      await untilIdle(backend, arm, context.signal);
    },
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

/** Servers of both arms, and what else the backend has. */
export type Arms = { [arm in Arm]: readonly ServerLine[] } & { others: readonly ServerLine[] };

/** Throws `RouterTrouble` where a server of an arm is missing. */
async function readArms({ options, ask }: HaproxyBackend): Promise<Arms> {
  const { backend } = options;
  const [state, stat] = await Promise.all([ask(`show servers state ${backend}`), ask(`show stat ${backend} 4 -1`)]);
  const servers = parseServers(backend, state, stat);
  const pick = (names: readonly string[]): ServerLine[] => names.map((name) => findServer(servers, backend, name));
  const arms = { stable: pick(options.stable), canary: pick(options.canary) };
  return {
    ...arms,
    others: servers.filter((server) => !arms.stable.includes(server) && !arms.canary.includes(server)),
  };
}

function findServer(servers: readonly ServerLine[], backend: string, name: string): ServerLine {
  const found = servers.find((server) => server.name === name);
  if (found !== undefined) return found;
  const known = servers.map((server) => server.name).join(', ');
  throw new RouterTrouble('server_missing', `${backend}/${name}: expected a server of that name, got ${known}`);
}

/** Another server that has requests makes every weight untrue; it does not keep the canary from being taken out. */
function refuseOthers(backend: string, { others }: Arms): void {
  const other = others.find(hasTraffic);
  if (other !== undefined)
    throw new RouterTrouble(
      'third_server',
      `${backend}/${other.name}: expected no traffic on a server of neither arm, got weight ${other.weight}; name it under stable or canary, or take it out`,
    );
}

function hasTraffic({ weight, isOut, isBackup }: ServerLine): boolean {
  return weight > 0 && !isOut && !isBackup;
}

async function read(backend: HaproxyBackend, now: () => number): Promise<RouterReading> {
  const arms = await readArms(backend);
  const { options } = backend;
  refuseOthers(options.backend, arms);
  const weight = options.map === null ? serversWeight(options.backend, arms) : await readMapWeight(backend);
  const words = [...arms.stable, ...arms.canary].map(
    ({ name, weight: own, isUp, isOut, isDrained }) =>
      `${name} ${own} ${isDrained ? 'drained' : isOut ? 'in maintenance' : isUp ? 'up' : 'down'}`,
  );
  return {
    atMs: now(),
    weight,
    requests: { stable: countOf(arms.stable), canary: countOf(arms.canary) },
    healthy: { stable: isHealthy(arms.stable), canary: isHealthy(arms.canary) },
    detail: `backend ${options.backend}: ${words.join(', ')}${options.map === null ? '' : `; ${options.mapKey} ${weight} % in ${options.map}`}`,
  };
}

function countOf(servers: readonly ServerLine[]): number {
  return servers.reduce((sum, { requests }) => sum + requests, 0);
}

function isHealthy(servers: readonly ServerLine[]): boolean {
  return servers.some(({ isUp, isOut }) => isUp && !isOut);
}

async function setWeight(backend: HaproxyBackend, weight: number): Promise<void> {
  const { options, ask } = backend;
  const arms = await readArms(backend);
  const commands = options.map === null ? weightCommands(weight, options, arms) : await mapCommands(weight, backend);
  const refusal = refusalIn(await ask([...undrainCommands(weight, options, arms), ...commands].join('; ')));
  if (refusal !== null) throw new RouterTrouble('refused', `${options.socket}: ${refusal}`);
  const taken =
    options.map === null ? serversWeight(options.backend, await readArms(backend)) : await readMapWeight(backend);
  if (Math.abs(taken - weight) > 1e-6)
    throw new RouterTrouble(
      'not_taken',
      `${options.backend}: expected weight ${weight}, got ${taken} a moment after it was set`,
    );
}

/** An arm that is given requests is drained no more. Maintenance is a person's, and stays. */
function undrainCommands(weight: number, { backend }: HaproxyOptions, { stable, canary }: Arms): string[] {
  const wanted = [...(weight > 0 ? canary : []), ...(weight < 100 ? stable : [])];
  return wanted.filter(({ isDrained }) => isDrained).map(({ name }) => `set server ${backend}/${name} state ready`);
}

async function startDrain(backend: HaproxyBackend, arm: Arm): Promise<void> {
  const { options, ask } = backend;
  const other = arm === 'canary' ? 'stable' : 'canary';
  const arms = await readArms(backend);
  if (!arms[other].some((server) => server.isUp && !server.isOut && (options.map !== null || server.weight > 0)))
    throw new RouterTrouble(
      'nobody_left',
      `drain of ${arm}: expected ${other} to be up and to have a weight, got neither; set its weight first`,
    );
  // Rules by user pass over the state of a server: there, the map takes the arm out.
  if (options.map !== null) await setWeight(backend, arm === 'canary' ? 0 : 100);
  const commands = options[arm].map((name) => `set server ${options.backend}/${name} state drain`);
  const refusal = refusalIn(await ask(commands.join('; ')));
  if (refusal !== null) throw new RouterTrouble('refused', `${options.socket}: ${refusal}`);
}

async function untilIdle(backend: HaproxyBackend, arm: Arm, signal: AbortSignal): Promise<void> {
  for (;;) {
    const arms = await readArms(backend);
    if (arms[arm].every(({ underWay }) => underWay === 0)) return;
    await pause(drainLookMs, undefined, { signal }).catch(() => {
      throw new RouterTrouble('aborted', `drain of ${arm}: cancelled while requests were under way`);
    });
  }
}

/** Written whole after each change: what HAProxy reads when it is reloaded has to be what it was last told. */
async function keepState({ options, ask }: HaproxyBackend, file: string | null): Promise<void> {
  if (file === null) return;
  const text = options.map === null ? await ask('show servers state') : toMapFile(await ask(`show map ${options.map}`));
  try {
    await replaceFile(file, `${text.trimEnd()}\n`);
  } catch (error) {
    if (!(error instanceof RouterTrouble)) throw error;
    throw new RouterTrouble('state_not_kept', `the weight was set, but a reload would lose it: ${error.message}`);
  }
}
