import type { CheckKind } from '../core/check/check.ts';
import type { StepKind } from '../core/step/step-kind.ts';
import type { SightDesk } from '../engine/acceptance/sight-desk.ts';
import type { DataDesk } from '../engine/data/data-desk.ts';
import type { IdentityDesk } from '../engine/identity/identity.ts';
import type { CheckDesk } from '../engine/launches/check-desk.ts';
import type { GateDesk } from '../engine/launches/gate-desk.ts';
import type { LaunchDesk } from '../engine/launches/launch-desk.ts';
import type { RehearsalDesk } from '../engine/launches/rehearsal-desk.ts';
import type { Engine } from '../engine/runs/open-engine.ts';
import type { Log } from '../engine/log/open-log.ts';
import type { AnswerMeter } from '../engine/monitor/answer-meter.ts';
import type { AnswerTimes } from '../engine/monitor/answer-times.ts';
import type { LaunchReaders } from '../spec/launch/launch-readers.ts';
import type { Store } from '../store/open-store.ts';
import type { DemoDesk } from '../engine/launches/demo-desk.ts';
import type { ChangeWatch } from './events/change-watch.ts';
import type { EventHub } from './events/event-hub.ts';
import type { RightsWatch } from './events/watch-rights.ts';

/** How many requests an address or account may make in a minute (T22), and when the server has too much to do for reading. */
export interface RateLimits {
  anonymous: number;
  session: number;
  token: number;
  /** To the routes that sign in, by address. */
  signIn: number;
  /** By how many milliseconds the event loop may be late before reading is refused. */
  lateMs: number;
  /** Streams that are open at once; of more the oldest is ended. */
  streams: number;
}

/** The limits of an installation that says nothing else. */
export const standardLimits: RateLimits = {
  anonymous: 100,
  session: 500,
  token: 1000,
  signIn: 10,
  lateMs: 1_000,
  streams: 5_000,
};

/** Everything that the API works with; built once by the composition root. */
export interface ApiParts {
  store: Store;
  engine: Engine;
  identity: IdentityDesk;
  launches: LaunchDesk;
  gates: GateDesk;
  checks: CheckDesk;
  rehearsals: RehearsalDesk;
  data: DataDesk;
  events: EventHub;
  changes: ChangeWatch;
  kinds: readonly CheckKind[];
  stepKinds: readonly StepKind[];
  readers: LaunchReaders;
  version: string;
  /** Address that people open, without a slash at its end: the only origin that a browser may send changes from. */
  baseUrl: string;
  /** Null everywhere but in the demo. */
  demo: DemoDesk | null;
  /** Folder of the built web UI; null serves the API alone. */
  webRoot: string | null;
  limits: RateLimits;
  /** How to end each stream that is open, the oldest first. */
  streams: Set<() => void>;
  /** Counts what this server answers. */
  answers: AnswerMeter;
  /** How many answers there were, and how long they took. */
  times: AnswerTimes;
  /** Who reads metrics without signing in: programs of this machine, where only this machine reaches the server; else nobody. */
  scrape: 'this-machine' | 'nobody';
  /** Keeps what people with an open acceptance pass are shown. */
  sights: SightDesk;
  /** Ends streams whose rights have ended. */
  rights: RightsWatch;
  /** Whether the server is ending and takes no new work. */
  isLeaving: () => boolean;
  /** Aborted when the server ends. */
  signal: AbortSignal;
  /** Is told of trouble that the server overcomes by itself. */
  report: (error: unknown, about?: { request?: string }) => void;
  /** Where a line is written for every request; null for nowhere. */
  log: Log | null;
}
