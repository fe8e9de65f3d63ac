import type { SecretValue } from '../secret/secret-value.ts';
import type { MeasureReading } from './measure-reading.ts';
import type { Measure } from './rollout.ts';
import type { Look } from './rollout-input.ts';

/** What a connector gets to read with. */
export interface MetricContext {
  signal: AbortSignal;
  /** Absolute path of the launch repository; files stay inside. */
  workspace: string;
  /** Private hosts that may be reached, `host` or `host:port`. */
  allow: readonly string[];
  /** Hosts that must not be touched. */
  forbidden: readonly string[];
  secret: SecretValue | null;
  now(): number;
}

/** The critical alerts of a launch that fire, or why nobody can tell. */
export type AlertReading = { state: 'read'; firing: Look['incidents'] } | { state: 'error'; reason: string };

/**
 * A connection to a metric source, kept open for as long as a rollout looks: counts begin at 0 with the session, so that what began again (a process of
 * several behind an arm, or this one) is seen as a fall and never as traffic.
 */
export interface MetricSession {
  /** Returns counters of both arms, asked for in one question so that they are of one instant. Never throws: what goes wrong is a reading. */
  read(measure: Measure): Promise<MeasureReading>;
  /** Returns the critical alerts of a launch that fire now; only of a source that knows alerts. Never throws. */
  alerts?(launch: string): Promise<AlertReading>;
  close(): Promise<void>;
}

/** A connector of a metric source: one folder, nothing else knows the system. */
export interface MetricSourceKind {
  kind: string;
  /** One sentence for the reference page. */
  summary: string;
  /** Whether its sessions tell the alerts of a launch; left out where they do not. */
  knowsAlerts?: boolean;
  /** Faults in the options as a document declares them; empty where none. Touches nothing. */
  faults(options: { readonly [key: string]: string }): { path: string; expected: string; got: string; hint: string }[];
  /** Faults in what a measure asks of it. */
  measureFaults(measure: Measure): { path: string; expected: string; got: string; hint: string }[];
  open(options: { readonly [key: string]: string }, context: MetricContext): Promise<MetricSession>;
}
