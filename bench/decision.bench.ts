import { canonicalize, digestOf, sha256Hex } from '@tminus/verify';

import { decide } from '../src/core/gate/decide.ts';
import type { DecideInput } from '../src/core/gate/decide.ts';
import {
  ago,
  check,
  criterion,
  evidence,
  gate,
  goodLog,
  group,
  human,
  input,
  judgement,
  launch,
  log,
} from '../src/core/gate/dossier.fixture.ts';
import type { LoggedEntry } from '../src/core/gate/log-index.ts';
import { act, allOf } from '../src/core/gate/requirement.ts';
import type { Requirement } from '../src/core/gate/requirement.ts';
import { shortestWay } from '../src/core/gate/shortest-way.ts';
import { describeMachine } from './describe-machine.ts';

/** One figure: CPU milliseconds of this process, the median first, every sample after it. */
export interface Timing {
  medianMs: number;
  samplesMs: number[];
}

export interface DecisionReport {
  name: 'decision';
  machine: string;
  setting: string;
  decideAll: Timing;
  /** SHA-256 over the RFC 8785 bytes of the same entries, bytes ready made: what only touching the evidence costs. */
  hashOfSameBytes: Timing;
  /** The same entries into a map by criterion, newest kept: the least that any decision over them does. */
  onePass: Timing;
  /** Median of decision / one pass inside each round. */
  timesOnePass: number;
  bytesOfEntries: number;
  bytesOfDecision: number;
  /** Different hashes of one dossier of `entries` in `orders` input orders; one is the goal. */
  permutations: { entries: number; orders: number; hashes: number }[];
  /** 500 criteria in random gates with any, k of n and shared checks, by share of leaves that share a check; a gate's time is the median of three. */
  shortestWay: { sharedShare: number; gates: number; slowestMs: number; medianMs: number; actions: number[] }[];
  /** A NO-GO over 500 criteria as `decide` makes it. */
  shortestWayInDecision: Timing;
  dossierOf16: Timing;
  goals: { decideAllMs: 200; shortestWayMs: 50; met: boolean };
}

const rounds = 21;

/** Measures the decision beside the least that touching the same evidence costs, in the same rounds. */
export async function run(): Promise<DecisionReport> {
  const large = largeDossier(500, 20);
  const bytes = large.entries.map(({ entry }) => Buffer.from(canonicalize(entry)));
  const [decided, hashed, passed]: number[][] = [[], [], []] as never;
  // The first rounds run before the engine has compiled anything; they are not counted.
  for (let round = -3; round < rounds; round += 1) {
    const times = [
      cpuOf(() => decide(large)),
      cpuOf(() => bytes.map((item) => sha256Hex(item))),
      cpuOf(() => newestOf(large.entries)),
    ];
    if (round >= 0) [decided, hashed, passed].forEach((samples, index) => samples!.push(times[index]!));
  }
  const ways = [0, 0.2, 0.5, 0.8].map(measureWays);
  const decideAll = toTiming(decided!);
  const permutations = [countHashes(largeDossier(16, 3), 1_000), countHashes(large, 10)];
  const isSame = permutations.every(({ hashes }) => hashes === 1);
  const slowest = Math.max(...ways.map(({ slowestMs }) => slowestMs));
  return {
    name: 'decision',
    machine: describeMachine(),
    setting: `${large.entries.length} evidence records of 500 criteria, ${rounds} rounds, CPU time of the process`,
    decideAll,
    hashOfSameBytes: toTiming(hashed!),
    onePass: toTiming(passed!),
    timesOnePass: median(decided!.map((ms, index) => ms / passed![index]!)),
    bytesOfEntries: bytes.reduce((sum, { length }) => sum + length, 0),
    bytesOfDecision: canonicalize(decide(large)).length,
    permutations,
    shortestWay: ways,
    shortestWayInDecision: toTiming(sample(() => decide({ ...large, entries: [] }))),
    dossierOf16: toTiming(sample(() => decide(largeDossier16))),
    goals: { decideAllMs: 200, shortestWayMs: 50, met: decideAll.medianMs < 200 && slowest < 50 && isSame },
  };
}

/** A gate whose evidence all holds, each with older evidence behind it. */
function largeDossier(criteria: number, deep: number): DecideInput {
  const leaves = Array.from({ length: criteria }, (_, index) =>
    index % 25 === 0 ? human(`c${index}`) : criterion(`c${index}`),
  );
  const entries = leaves.flatMap((leaf) =>
    Array.from({ length: deep }, (_, age) =>
      evidence(leaf, { observedAt: ago(60_000 + age * 1_000), judgement: judgement(age === 0 ? 'pass' : 'fail') }),
    ),
  );
  const groups = Array.from({ length: Math.ceil(criteria / 5) }, (_, index) =>
    group(`g${index}`, index % 3 === 0 ? 'any' : index % 3 === 1 ? 'all' : 2, leaves.slice(index * 5, index * 5 + 5)),
  );
  return input(launch([gate(groups)]), log(...entries));
}

const dossierGate = launch([gate(Array.from({ length: 16 }, (_, index) => criterion(`c${index}`)))]);
const largeDossier16 = input(dossierGate, goodLog(dossierGate));

function newestOf(entries: readonly LoggedEntry[]): number {
  const newest = new Map<string, string>();
  for (const { entry } of entries) {
    if (entry.format !== 'tminus/evidence/1') continue;
    const seen = newest.get(entry.criterion);
    if (seen === undefined || seen < entry.observedAt) newest.set(entry.criterion, entry.observedAt);
  }
  return newest.size;
}

function countHashes(question: DecideInput, orders: number): { entries: number; orders: number; hashes: number } {
  const random = randomOf(7);
  const hashes = new Set([digestOf(decide(question))]);
  for (let order = 0; order < orders; order += 1) {
    hashes.add(digestOf(decide({ ...question, entries: shuffle(question.entries, random) })));
  }
  return { entries: question.entries.length, orders, hashes: hashes.size };
}

function measureWays(sharedShare: number): DecisionReport['shortestWay'][number] {
  const random = randomOf(11);
  const gates = Array.from({ length: 40 }, () => randomGate(500, sharedShare, random));
  shortestWay(gates[0]!);
  const times: number[] = [];
  const actions = gates.map((requirement) => {
    times.push(median([1, 2, 3].map(() => cpuOf(() => shortestWay(requirement)))));
    return shortestWay(requirement)?.length ?? -1;
  });
  return {
    sharedShare,
    gates: gates.length,
    slowestMs: toHundredths(Math.max(...times)),
    medianMs: toHundredths(median(times)),
    actions,
  };
}

/** Criteria alone, and choices of two to six with pairs inside them, until there are this many leaves. */
function randomGate(leaves: number, sharedShare: number, random: () => number): Requirement {
  const of: Requirement[] = [];
  const names = Array.from({ length: leaves }, (_, index) =>
    random() < sharedShare ? `shared ${Math.floor(random() * 100)}` : `own ${index}`,
  );
  const take = (): Requirement => runCheck(check(names.pop() ?? 'none').sha256);
  while (names.length > 0) {
    const width = random() < 0.4 ? 1 : Math.min(names.length, 2 + Math.floor(random() * 5));
    const members = Array.from({ length: width }, () =>
      names.length > 1 && random() < 0.2 ? allOf([take(), take()]) : take(),
    );
    of.push({ kind: 'some', need: Math.min(width, 1 + Math.floor(random() * 2)), of: members });
  }
  return { kind: 'some', need: of.length, of };
}

function runCheck(id: string): Requirement {
  return act({ id: `check:${id}`, verb: 'run-check', subject: id, text: 'run the check', owner: null });
}

function sample(work: () => unknown): number[] {
  for (let warm = 0; warm < 3; warm += 1) work();
  return Array.from({ length: rounds }, () => cpuOf(work));
}

function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function toTiming(samples: readonly number[]): Timing {
  return { medianMs: toHundredths(median(samples)), samplesMs: samples.map(toHundredths) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A small generator with a seed (mulberry32), so that every run measures the same gates. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
