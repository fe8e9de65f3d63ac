import type { MetricSession } from '../../core/rollout/metric-source-kind.ts';
import type { RouterSession } from '../../core/rollout/router-kind.ts';
import { createMaskDesk } from '../../mask/mask-desk.ts';
import type { ConnectionSetting } from './open-connections.ts';

/** Keeps secrets out of what routers and sources say. */
export interface Cover {
  /** Opens secrets as before, and knows them from then on. */
  known(openSecret: ConnectionSetting['openSecret']): ConnectionSetting['openSecret'];
  text: (text: string) => string;
  /** Passes on what work brings, and what it throws with its words covered. */
  errors: <Value>(work: Promise<Value>) => Promise<Value>;
}

/** A program prints what it was given, a server repeats a header: what they say ends up in a journal that nobody can change. */
export function openCover(now: () => number): Cover {
  const desk = createMaskDesk({ rules: [], clock: () => new Date(now()), onRefused: () => undefined });
  const text = (written: string): string => desk.maskText('log', written);
  return {
    text,
    known: (openSecret) => async (name, signal) => {
      const secret = await openSecret(name, signal);
      // Short ones, too: a word too much is covered rather than a secret shown.
      desk.add(name, secret.exposeBytes(), true);
      return secret;
    },
    errors: async (work) => {
      try {
        return await work;
      } catch (error) {
        if (error instanceof Error) error.message = text(error.message);
        throw error;
      }
    },
  };
}

/** A router whose words are covered. */
export function coverRouter(session: RouterSession, { text, errors }: Cover): RouterSession {
  return {
    get abilities() {
      return session.abilities;
    },
    read: async () => {
      const reading = await errors(session.read());
      return { ...reading, detail: text(reading.detail) };
    },
    set: (weight) => errors(session.set(weight)),
    drain: (arm) => errors(session.drain(arm)),
    restore: (before) => errors(session.restore(before)),
    close: () => errors(session.close()),
  };
}

/** A metric source whose words are covered. */
export function coverSource(session: MetricSession, { text, errors }: Cover): MetricSession {
  const alerts = session.alerts?.bind(session);
  return {
    read: async (measure) => {
      const reading = await errors(session.read(measure));
      return reading.state === 'read' ? reading : { ...reading, reason: text(reading.reason) };
    },
    ...(alerts && {
      alerts: async (launch: string) => {
        const reading = await errors(alerts(launch));
        return reading.state === 'read'
          ? { ...reading, firing: reading.firing.map((one) => ({ ...one, id: text(one.id), title: text(one.title) })) }
          : { ...reading, reason: text(reading.reason) };
      },
    }),
    close: () => errors(session.close()),
  };
}
