import type { SecretProvider } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readReference } from '../read-reference.ts';
import { toReading } from '../to-reading.ts';

/** Secrets in environment variables of the process that resolves. They are not passed on to what it starts. */
export const envProvider: SecretProvider = {
  kind: 'env',
  summary: 'An environment variable of the worker.',
  async resolve(secret, { environment, signal }) {
    const read = readReference(secret, 'env');
    if (!read.ok) return read.failed;
    if (signal.aborted) return failedReading(secret, 'aborted', 'expected time to read it, got a stop', 'run it again');
    const { target } = read.reference;
    const value = Object.hasOwn(environment, target) ? environment[target] : undefined;
    if (value === undefined)
      return failedReading(
        secret,
        'missing',
        `expected the variable ${target}, got nothing`,
        `set ${target} for the worker`,
      );
    return toReading(secret, new TextEncoder().encode(value));
  },
};
