import { ProductError } from '../../src/core/error/product-error.ts';
import { SecretValue } from '../../src/core/secret/secret-value.ts';
import type { StepContext } from '../../src/core/step/step-kind.ts';

/** What a test may set of the surroundings of an attempt. */
export interface Surroundings extends Partial<Omit<StepContext, 'openSecret' | 'log'>> {
  /** Called whenever something is logged. */
  onLog?: () => void;
  secrets?: { [name: string]: string };
}

/** A context with everything that was logged and opened, for tests. */
export interface RecordedContext {
  context: StepContext;
  /** All that was logged, in one text. */
  logged: () => string;
  /** Names of the secrets that were opened. */
  opened: string[];
}

/** Returns the surroundings of one attempt of a live run with nothing allowed, nothing forbidden and comms on. */
export function stepContext(given: Surroundings = {}): RecordedContext {
  const { secrets = {}, onLog, ...rest } = given;
  const chunks: string[] = [];
  const opened: string[] = [];
  const context: StepContext = {
    signal: AbortSignal.timeout(110_000),
    workspace: process.cwd(),
    allow: [],
    forbidden: [],
    mode: 'live',
    comms: { mode: 'on', testMail: null, testWebhook: null },
    environment: { id: 'staging', url: null, production: false },
    now: Date.now,
    idempotencyKey: 'run-1:step-1:0',
    attempt: 1,
    fence: 7,
    assetFences: new Map(),
    variables: {},
    openSecret: async (name) => {
      const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (value === undefined)
        throw new ProductError('internal', `secret ${name}: expected a value, got none`, { hint: 'declare it' });
      opened.push(name);
      return await Promise.resolve(new SecretValue(name, new TextEncoder().encode(value)));
    },
    log: (stream, chunk) => {
      onLog?.();
      chunks.push(`${stream}: ${typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')}`);
    },
    progress: () => undefined,
    ...rest,
  };
  return { context, logged: () => chunks.join('\n'), opened };
}
