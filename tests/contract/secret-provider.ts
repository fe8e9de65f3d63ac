import type { JsonObject } from '@tminus/verify';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

import type { SecretAccess, SecretContext, SecretProvider, SecretReading } from '../../src/core/secret/secret.ts';
import { SecretValue } from '../../src/core/secret/secret-value.ts';
import { resolveSecret } from '../../src/kinds/secrets/resolve-secret.ts';
import { ownTime, refuseAfterOwnTime } from './own-time.ts';

/** One reference and its surroundings. */
export interface ProviderCase {
  reference: JsonObject;
  context?: Partial<SecretContext>;
}

type Optional = (() => Promise<ProviderCase>) | { none: string };

/** What a provider brings to its contract. Every function arranges its store and names the case. */
export interface SecretProviderContract {
  provider: SecretProvider;
  /** Keeps this value and names it. */
  keep(value: string): Promise<ProviderCase>;
  missing(): Promise<ProviderCase>;
  /** There, and not for us: another's mode, policy or key. */
  denied: Optional;
  garbage: Optional;
  /** Takes longer than two seconds unless stopped. */
  slow: Optional;
  /** Texts that may not turn up anywhere: tokens, identities, what the store says of itself. */
  canaries(): string[];
}

interface Promised {
  title: string;
  none?: string;
  holds: (contract: SecretProviderContract) => Promise<void>;
}

const canary = 'canary-"7c1f\\e04b/93+d2=';

/** Every promise that the engine relies on, run against the provider's store; and against providers with a planted fault, which have to be found out. */
export function secretProviderContract(contract: SecretProviderContract): void {
  describe(`secret provider ${contract.provider.kind} keeps the contract`, () => {
    const promises = promisesOf(contract);
    for (const { title, none, holds } of promises) {
      const why = none === undefined ? '' : ` (not for this provider: ${none})`;
      it.skipIf(none)(`${title}${why}`, () => holds(contract));
    }

    it.each(plantedFaults)('O06 (negative control) a provider that $title is found out', async ({ plant }) => {
      const faulty = { ...contract, provider: plant(contract.provider) };
      let broken = 0;
      await capture(async () => {
        for (const { none, holds } of promises) if (none === undefined) await holds(faulty).catch(() => (broken += 1));
      });
      expect(broken).toBeGreaterThan(0);
    });
  });
}

function promisesOf(contract: SecretProviderContract): Promised[] {
  return [
    {
      title: 'O06 gives the very bytes that are kept, under the name of the secret',
      holds: async (given) => {
        const reading = await read(given, await given.keep(canary));
        expect(valueOf(reading).exposeText()).toBe(canary);
        expect(valueOf(reading).name).toBe('shop/db');
      },
    },
    {
      title: 'O06 reads each time: what was changed in the store is what comes next',
      holds: async (given) => {
        for (const value of ['first value', 'second value'])
          expect(valueOf(await read(given, await given.keep(value))).exposeText()).toBe(value);
      },
    },
    {
      title: 'O06 fails on a secret that is not there, with a word for it and nothing in its place',
      holds: async (given) => fails(await read(given, await given.missing()), ['missing']),
    },
    {
      title: 'O06 fails on an empty value',
      holds: async (given) => fails(await read(given, await given.keep('')), ['empty']),
    },
    {
      title: 'O06 fails on a value that is too large to be a secret',
      holds: async (given) => fails(await read(given, await given.keep('x'.repeat(70_000))), ['too_large']),
    },
    optional('O06 fails on what is not for us', contract.denied, async (reading) =>
      fails(reading, ['denied', 'unsafe']),
    ),
    optional('O06 fails on an answer that makes no sense', contract.garbage, async (reading) =>
      fails(reading, ['unreadable', 'unreachable']),
    ),
    {
      title: 'A13 refuses references that are none, and does not throw',
      holds: async (given) => {
        const { kind } = given.provider;
        const { context } = await given.keep(canary);
        const wrong: JsonObject[] = [
          {},
          { [kind]: null },
          { [kind]: '' },
          { [kind]: ['a'] },
          { [kind]: { a: 1 } },
          { [kind]: 'a\nb' },
          { [kind]: 'a\u0000b' },
          { [kind]: 'a', shell: '$(id)' },
        ];
        for (const reference of wrong)
          fails(
            await given.provider.resolve(
              { id: 'x', reference },
              contextOf({ reference, ...(context ? { context } : {}) }),
            ),
            ['reference_invalid'],
          );
      },
    },
    {
      title: 'answers a stop within a second and hands nothing out',
      holds: async (given) => {
        const kept = await given.keep(canary);
        fails(await read(given, { ...kept, context: { ...kept.context, signal: AbortSignal.abort() } }), ['aborted']);
        if ('none' in given.slow) return;
        const abort = new AbortController();
        const slow = await given.slow();
        const running = read(given, { ...slow, context: { ...slow.context, signal: abort.signal } });
        running.catch(() => undefined);
        await ownTime(200);
        abort.abort();
        fails(await Promise.race([running, refuseAfterOwnTime(1_000, 'an end')]), ['aborted']);
      },
    },
    {
      title: 'law 12: shows neither value nor credential in what it returns, records, throws or prints',
      holds: async (given) => {
        // Each is arranged just before it is asked for: they share a store.
        const cases = [() => given.keep(canary), () => given.missing()];
        for (const each of [given.denied, given.garbage]) if (typeof each === 'function') cases.push(each);
        for (const each of cases) {
          const seen: unknown[] = [];
          const printed = await capture(async () => void seen.push(await audited(given, await each(), seen)));
          const text = printed + JSON.stringify(seen) + inspect(seen, { depth: 20, showHidden: true });
          for (const word of [canary, 'canary-', ...given.canaries()]) expect(text.includes(word)).toBe(false);
        }
      },
    },
    {
      title: 'O06 leaves an audit record of every access, failed ones, too',
      holds: async (given) => {
        const records: SecretAccess[] = [];
        await audited(given, await given.keep(canary), records);
        await audited(given, await given.missing(), records);
        expect(
          records.map(({ outcome, trouble, actor, kind, secret }) => [outcome, trouble, actor, kind, secret]),
        ).toEqual([
          ['accessed', null, 'deployer', given.provider.kind, 'shop/db'],
          ['failed', 'missing', 'deployer', given.provider.kind, 'shop/db'],
        ]);
      },
    },
  ];
}

function optional(title: string, given: Optional, body: (reading: SecretReading) => Promise<void>): Promised {
  if ('none' in given) return { title, none: given.none, holds: async () => {} };
  const held = given;
  return { title, holds: async ({ provider }) => body(await provider.resolve(...asked(await held()))) };
}

function read({ provider }: SecretProviderContract, given: ProviderCase): Promise<SecretReading> {
  return provider.resolve(...asked(given));
}

function asked(given: ProviderCase): Parameters<SecretProvider['resolve']> {
  return [{ id: 'shop/db', reference: given.reference }, contextOf(given)];
}

/** Surroundings in which nothing of this machine is found. */
function contextOf({ context }: ProviderCase): SecretContext {
  return { environment: {}, workspace: '/nonexistent', prefix: null, signal: AbortSignal.timeout(15_000), ...context };
}

function audited(
  { provider }: SecretProviderContract,
  given: ProviderCase,
  records: unknown[],
): Promise<SecretReading> {
  const secret = { id: 'shop/db', reference: given.reference };
  const desk = {
    providers: [provider],
    context: contextOf(given),
    mask: () => {},
    record: async (access: SecretAccess) => void records.push(access),
  };
  return resolveSecret(
    { secret, actor: 'deployer', purpose: 'run r-1 step switch', at: '2026-12-05T12:00:00.000Z' },
    desk,
  );
}

function valueOf(reading: SecretReading): SecretValue {
  if (reading.state === 'failed')
    throw new Error(`expected a value, got ${reading.trouble.code}: ${reading.trouble.message}`);
  return reading.value;
}

function fails(reading: SecretReading, codes: string[]): void {
  expect(reading.state).toBe('failed');
  if (reading.state === 'resolved') return;
  const { code, message, hint } = reading.trouble;
  expect(codes).toContain(code);
  expect(message).toMatch(/expected .+, got .+[^.]$/);
  expect(hint).not.toBe('');
  expect(Object.keys(reading)).toEqual(['state', 'trouble']);
}

/** Everything that was written to the outputs of this process while it ran. */
async function capture(run: () => Promise<void>): Promise<string> {
  const chunks: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  const real = globalThis.console;
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  globalThis.console = new Console(sink);
  for (const stream of streams) stream.write = (chunk: unknown) => chunks.push(String(chunk)) > 0;
  try {
    await run();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index]!;
    globalThis.console = real;
  }
  return chunks.join('');
}

/** A value that prints itself, for the search to find. */
class TalkativeValue extends SecretValue {
  readonly shown: string;
  constructor(value: SecretValue) {
    super(value.name, value.exposeBytes());
    this.shown = value.exposeText();
  }
  override toJSON(): string {
    return this.shown;
  }
}

const placeholder: SecretReading = {
  state: 'resolved',
  value: new SecretValue('shop/db', Buffer.from('changeme')),
  version: null,
  createdAt: null,
};

const plantedFaults: { title: string; plant: (real: SecretProvider) => SecretProvider }[] = [
  {
    title: 'puts a placeholder where nothing is',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        return reading.state === 'failed' ? placeholder : reading;
      }),
  },
  {
    title: 'keeps what it read',
    plant: (real) => {
      let kept: SecretReading | null = null;
      return wrap(real, async (run) => {
        const reading = kept ?? (await run());
        if (reading.state === 'resolved') kept = reading;
        return reading;
      });
    },
  },
  {
    title: 'throws',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        if (reading.state === 'failed') throw new Error(reading.trouble.message);
        return reading;
      }),
  },
  {
    title: 'prints what it read',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        if (reading.state === 'resolved') process.stderr.write(reading.value.exposeText());
        return reading;
      }),
  },
  {
    title: 'gives a value that prints itself',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        return reading.state === 'resolved' ? { ...reading, value: new TalkativeValue(reading.value) } : reading;
      }),
  },
  {
    title: 'takes an empty value',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        return reading.state === 'failed' && reading.trouble.code === 'empty' ? placeholder : reading;
      }),
  },
  {
    title: 'cuts the value',
    plant: (real) =>
      wrap(real, async (run) => {
        const reading = await run();
        return reading.state === 'resolved'
          ? { ...reading, value: new SecretValue(reading.value.name, reading.value.exposeBytes().subarray(1)) }
          : reading;
      }),
  },
];

function wrap(
  real: SecretProvider,
  change: (run: () => Promise<SecretReading>) => Promise<SecretReading>,
): SecretProvider {
  return { ...real, resolve: (...given) => change(() => real.resolve(...given)) };
}
