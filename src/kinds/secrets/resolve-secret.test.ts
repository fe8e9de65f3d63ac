import type { JsonObject } from '@tminus/verify';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import type { SecretAccess, SecretProvider } from '../../core/secret/secret.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { secretProviders } from './providers.ts';
import { resolveSecret } from './resolve-secret.ts';
import type { SecretDesk } from './resolve-secret.ts';

const canary = 'canary-of-the-desk-41aa';

function desk(
  patch: Partial<SecretDesk> = {},
): SecretDesk & { order: string[]; records: SecretAccess[]; masked: SecretValue[] } {
  const order: string[] = [];
  const records: SecretAccess[] = [];
  const masked: SecretValue[] = [];
  return {
    order,
    records,
    masked,
    providers: secretProviders,
    context: {
      environment: { KEY: canary },
      workspace: '/nonexistent',
      prefix: null,
      signal: AbortSignal.timeout(100_000),
    },
    mask: (value) => {
      order.push('mask');
      masked.push(value);
    },
    record: async (access) => {
      order.push('record');
      records.push(access);
    },
    ...patch,
  };
}

function wish(reference: JsonObject) {
  return {
    secret: { id: 'dns/key', reference },
    actor: 'deployer',
    purpose: 'run r-1 step switch',
    at: '2026-12-05T12:00:00.000Z',
  };
}

describe('resolving a secret', () => {
  it('O06 masks, then records, then hands out', async () => {
    const given = desk();
    const reading = await resolveSecret(wish({ env: 'KEY' }), given);
    expect(given.order).toEqual(['mask', 'record']);
    expect(reading.state === 'resolved' && reading.value.exposeText()).toBe(canary);
    expect(given.records).toEqual([
      {
        secret: 'dns/key',
        kind: 'env',
        reference: { env: 'KEY' },
        actor: 'deployer',
        purpose: 'run r-1 step switch',
        outcome: 'accessed',
        version: null,
        trouble: null,
        at: '2026-12-05T12:00:00.000Z',
      },
    ]);
  });

  it('O06 hands nothing out where the audit record could not be written or the masker not be told, and wipes the value', async () => {
    for (const patch of [
      { record: () => Promise.reject(new Error('the log is full')) },
      {
        mask: () => {
          throw new Error('no masker');
        },
      },
    ]) {
      const seen: SecretValue[] = [];
      const spy: SecretProvider = {
        ...secretProviders.find(({ kind }) => kind === 'env')!,
        resolve: async (...given) => {
          const reading = await secretProviders.find(({ kind }) => kind === 'env')!.resolve(...given);
          if (reading.state === 'resolved') seen.push(reading.value);
          return reading;
        },
      };
      await expect(resolveSecret(wish({ env: 'KEY' }), desk({ ...patch, providers: [spy] }))).rejects.toThrow(
        /full|masker/,
      );
      expect(seen.map((value) => value.exposeText().includes('canary'))).toEqual([false]);
    }
  });

  it('O06 records a failure and hands nothing out', async () => {
    const given = desk();
    const reading = await resolveSecret(wish({ env: 'OTHER' }), given);
    expect(reading).toMatchObject({ state: 'failed', trouble: { code: 'missing' } });
    expect(given.order).toEqual(['record']);
    expect(given.records[0]).toMatchObject({ outcome: 'failed', trouble: 'missing' });
  });

  it.each<[JsonObject]>([[{}], [{ gcp: 'x' }], [{ env: 'KEY', file: 'x' }], [{ key: 'x' }]])(
    'O06 fails on %j, which names no place or two',
    async (reference) => {
      const given = desk();
      expect(await resolveSecret(wish(reference), given)).toMatchObject({
        state: 'failed',
        trouble: { code: 'provider_unknown' },
      });
      expect(given.records).toHaveLength(1);
    },
  );

  it('law 12: what a provider throws is not passed on', async () => {
    const broken: SecretProvider = {
      kind: 'env',
      summary: 'Throws what it read.',
      resolve: () => Promise.reject(new Error(`could not parse ${canary}`)),
    };
    const given = desk({ providers: [broken] });
    const reading = await resolveSecret(wish({ env: 'KEY' }), given);
    expect(reading).toMatchObject({ state: 'failed', trouble: { code: 'unreadable' } });
    expect(
      JSON.stringify([reading, given.records]) +
        inspect([reading, given], { depth: 20, showHidden: true }).replaceAll(`KEY: '${canary}'`, ''),
    ).not.toContain(canary);
  });

  it('O06 knows each provider under a name of its own', () => {
    expect(secretProviders.map(({ kind }) => kind)).toEqual(['age', 'aws', 'env', 'file', 'vault']);
  });
});
