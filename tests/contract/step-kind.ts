import { readFile } from 'node:fs/promises';

import { canonicalize } from '@tminus/verify';
import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { templateFaults } from '../../src/core/step/list-templates.ts';
import type { StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';
import { ownTime } from './own-time.ts';
import { plantedStepFaults } from './planted-step-faults.ts';
import { stepContext } from './step-context.ts';
import type { RecordedContext, Surroundings } from './step-context.ts';

/** One written step, as under `yaml step` without `kind`, and what surrounds it. */
export interface StepCase {
  written: JsonValue;
  given?: Surroundings;
}

export type Arrange<Case> = () => Case | Promise<Case>;
export type Optional<Case> = Arrange<Case> | { none: string };

/** What a step kind brings to its contract. Every function arranges its target anew and names the case. */
export interface StepKindContract {
  kind: StepKind;
  /** Ends `done`. `target` is a text that its effects must name. */
  success: Arrange<StepCase & { target: string }>;
  /** The target says no, or is not there: `failed`, and no exception. */
  trouble: Optional<StepCase>;
  /** Takes longer than five seconds unless stopped, and has a grace of at most one second where the kind gives any. `left` tells what of it is still there; nothing may be. */
  slow: Optional<StepCase & { left?: () => Promise<number> }>;
  /** A written step with one key misspelt, and the key that was meant. */
  misspelt: { written: JsonValue; wrong: string; meant: string };
  /** Touches only the host that is forbidden; `touched` counts what arrived there. */
  forbidden: Optional<StepCase & { touched: () => number | Promise<number> }>;
  /** Uses a secret whose value is `canary`; `arrived` tells that the target really got it, and `seen` returns texts where it may not stand (argv, environment). */
  secret: Optional<
    StepCase & { canary: string; arrived: () => boolean | Promise<boolean>; seen?: () => Promise<string[]> }
  >;
  /** Whether it is the idempotency key that keeps a repeat from changing anything; false unless given. */
  keyed?: boolean;
  /** For kinds with an exact probe: `effects` counts how often the target took the step. */
  probe: Optional<StepCase & { effects: () => number | Promise<number>; unreachable: StepCase }>;
}

interface Promised {
  title: string;
  none?: string;
  holds: (contract: StepKindContract) => Promise<void>;
}

/** What has not ended this long after it was asked to is taken for lost. Cases of kinds that give grace set it below. */
const graceMs = 3_000;

/** Every promise that the engine relies on, run against the kind's real target; and against kinds with a planted fault, which have to be found out. */
export function stepKindContract(contract: StepKindContract): void {
  describe(`step kind ${contract.kind.kind} keeps the contract`, () => {
    const promises = promisesOf(contract);
    for (const { title, none, holds } of promises) {
      const why = none === undefined ? '' : ` (not for this kind: ${none})`;
      it.skipIf(none)(`${title}${why}`, () => holds(contract));
    }

    const plants = plantedStepFaults.filter(({ needs }) =>
      needs === null ? true : needs === 'keyed' ? contract.keyed : typeof contract[needs] === 'function',
    );
    it.each(plants)('(negative control) a kind that $title is found out', async ({ plant, breaks }) => {
      const promise = promises.find(({ title }) => title === breaks);
      expect(promise, `a promise called ${breaks}`).toBeDefined();
      await expect(promise!.holds({ ...contract, kind: plant(contract.kind) })).rejects.toBeInstanceOf(Error);
    });
  });
}

function promisesOf(contract: StepKindContract): Promised[] {
  return [...readerPromises(), ...runPromises(contract), ...probePromises(contract)];
}

function readerPromises(): Promised[] {
  return [
    {
      title: 'names itself in words for the reference',
      holds: async ({ kind }) => {
        expect(kind.kind).toMatch(/^[a-z][a-z0-9-]*$/);
        expect(kind.summary).toMatch(/^[A-Z].{10,}\.$/s);
        expect(kind.jsonSchema).toHaveProperty('type', 'object');
      },
    },
    {
      title: 'refuses an unknown key and names the nearest known one',
      holds: async ({ kind, misspelt }) => {
        const read = kind.readSpec(misspelt.written);
        const fault = read.ok ? undefined : read.faults.find(({ path }) => path.at(-1) === misspelt.wrong);
        expect(fault, `a fault at ${misspelt.wrong}`).toBeDefined();
        expect(fault!.hint).toContain(misspelt.meant);
      },
    },
    {
      title: 'refuses what is no step at all and says why',
      holds: async ({ kind }) => {
        for (const written of [null, true, 7, 'text', [], ['x'], { unheardOf: 1 }]) {
          const read = kind.readSpec(written);
          const faults = read.ok ? [] : read.faults;
          expect(faults.length, `for ${JSON.stringify(written)}`).toBeGreaterThan(0);
          expect(faults.filter(({ expected, got, hint }) => expected === '' || got === '' || hint === '')).toEqual([]);
        }
      },
    },
    {
      title: 'reads its own spec again without a change, so that a stored plan stays valid',
      holds: async (given) => {
        const { spec } = await arrange(given.kind, given.success);
        expect(given.kind.readSpec(spec)).toEqual({ ok: true, spec });
        expect(templateFaults(spec)).toEqual([]);
      },
    },
    {
      title: 'O34 tells its effects before it has any, and names the target',
      holds: async (given) => {
        const { spec, target } = await arrange(given.kind, given.success);
        const before = canonicalize(spec);
        const effects = given.kind.listEffects(spec);
        expect(effects.length).toBeGreaterThan(0);
        expect(JSON.stringify(effects)).toContain(target);
        for (const { text } of effects) expect(text).toMatch(/^[^A-Z\s].*[^.\s]$/s);
        expect(given.kind.listEffects(spec)).toEqual(effects);
        expect(canonicalize(spec)).toBe(before);
      },
    },
    {
      title: 'the step that takes it back is one of its own kind that can be read, or there is none',
      holds: async (given) => {
        const { spec } = await arrange(given.kind, given.success);
        const undo = given.kind.undoSpec(spec);
        if (undo !== null) expect(given.kind.readSpec(undo)).toEqual({ ok: true, spec: undo });
      },
    },
  ];
}

function runPromises(contract: StepKindContract): Promised[] {
  return [
    {
      title: 'does it, and says so in one line and in facts that can be kept',
      holds: async (given) => {
        const { spec, recorded } = await arrange(given.kind, given.success);
        const end = await given.kind.run(spec, recorded.context);
        expect(end, `after ${recorded.logged()}`).toMatchObject({ outcome: 'done' });
        assertShape(end);
      },
    },
    optional('trouble of the target is a failed outcome and no exception', contract.trouble, async (given, trouble) => {
      const { spec, recorded } = await arrange(given.kind, trouble);
      const end = await given.kind.run(spec, recorded.context);
      expect(end).toMatchObject({ outcome: 'failed' });
      assertShape(end);
    }),
    optional('F12 ends when it is asked to, and nothing of it is left', contract.slow, async (given, slow) => {
      const abort = new AbortController();
      const { spec, recorded, left } = await arrange(given.kind, slow, { signal: abort.signal });
      const running = given.kind.run(spec, recorded.context);
      running.catch(() => undefined);
      await ownTime(700);
      abort.abort(new Error('cancelled'));
      const end = await Promise.race([running, ownTime(graceMs).then(() => 'late')]);
      expect(end).toMatchObject({ outcome: 'stopped' });
      expect((await left?.()) ?? 0).toBe(0);
    }),
    optional('F12 begins nothing once it has been stopped', contract.slow, async (given, slow) => {
      const { spec, recorded } = await arrange(given.kind, slow, { signal: AbortSignal.abort() });
      const end = await given.kind.run(spec, recorded.context);
      expect(end.outcome).toBe('stopped');
    }),
    optional(
      'C07 touches no host that is forbidden, although it is allowed',
      contract.forbidden,
      async (given, forbidden) => {
        const { spec, recorded, touched } = await arrange(given.kind, forbidden);
        expect(recorded.context.forbidden.length).toBeGreaterThan(0);
        const before = await touched();
        const end = await given.kind.run(spec, recorded.context);
        expect(end.outcome).toBe('failed');
        expect(await touched()).toBe(before);
      },
    ),
    optional('O06 a secret reaches the target and nothing else', contract.secret, async (given, secret) => {
      const { spec, recorded, canary, arrived, seen } = await arrange(given.kind, secret);
      const end = await given.kind.run(spec, recorded.context);
      expect(await arrived(), `the target got the secret: ${end.detail}`).toBe(true);
      const texts = [recorded.logged(), JSON.stringify(end), JSON.stringify(given.kind.listEffects(spec))];
      texts.push(JSON.stringify(given.kind.undoSpec(spec)), ...((await seen?.()) ?? []));
      for (const text of texts) expect(hides(text, canary), `in ${text.slice(0, 200)}`).toBe(true);
      expect(recorded.opened.length).toBeGreaterThan(0);
    }),
    optional(
      'O06 a secret that cannot be had fails the step before it does anything',
      contract.secret,
      async (g, of) => {
        const { spec, recorded, arrived } = await arrange(g.kind, of, { secrets: {} });
        expect((await g.kind.run(spec, recorded.context)).outcome).toBe('failed');
        expect(await arrived()).toBe(false);
      },
    ),
  ];
}

function probePromises(contract: StepKindContract): Promised[] {
  return [
    optional('O13 the probe tells what was not applied from what was', contract.probe, async (given, probe) => {
      const { spec, recorded, effects } = await arrange(given.kind, probe);
      expect(await given.kind.probe!(spec, recorded.context)).toMatchObject({ result: 'not_applied' });
      expect(await effects()).toBe(0);
      expect(await given.kind.run(spec, recorded.context)).toMatchObject({ outcome: 'done' });
      expect(await effects()).toBe(1);
      expect(await given.kind.probe!(spec, recorded.context)).toMatchObject({ result: 'applied' });
      expect(await effects()).toBe(1);
    }),
    optional('O13 a repeat with the same key changes nothing', contract.probe, async (given, probe) => {
      const { spec, recorded, effects } = await arrange(given.kind, probe);
      await given.kind.run(spec, recorded.context);
      const again = await given.kind.run(spec, { ...recorded.context, attempt: 2, fence: recorded.context.fence + 1 });
      expect(again).toMatchObject({ outcome: 'done' });
      expect(await effects()).toBe(1);
    }),
    optional('O13 the probe does not know what it cannot see', contract.probe, async (given, probe) => {
      const { unreachable } = await arrange(given.kind, probe);
      const { spec, recorded } = await arrange(given.kind, () => unreachable);
      expect(await given.kind.probe!(spec, recorded.context)).toMatchObject({ result: 'unknown' });
    }),
    {
      title: 'a kind without an exact probe has none, rather than one that guesses',
      holds: async ({ kind, probe }) => {
        expect(kind.probe === null).toBe(typeof probe !== 'function');
      },
    },
  ];
}

function optional<Case>(
  title: string,
  given: Optional<Case>,
  holds: (contract: StepKindContract, given: Arrange<Case>) => Promise<void>,
): Promised {
  if (typeof given !== 'function') return { title, none: given.none, holds: async () => {} };
  return { title, holds: (contract) => holds(contract, given) };
}

async function arrange<Case extends StepCase>(
  kind: StepKind,
  given: Arrange<Case>,
  more: Surroundings = {},
): Promise<Omit<Case, 'given'> & { spec: JsonObject; recorded: RecordedContext }> {
  const { given: surroundings, ...rest } = await given();
  const read = kind.readSpec(rest.written);
  if (!read.ok) throw new Error(`the contract's own case is refused: ${JSON.stringify(read.faults)}`);
  return { ...rest, spec: read.spec, recorded: stepContext({ ...surroundings, ...more }) };
}

function assertShape({ detail, facts }: StepOutcome): void {
  expect(detail).toMatch(/^[^\n]{1,500}$/);
  expect(canonicalize(facts)).toMatch(/^\{/);
}

/** Whether a text holds the value neither as it is nor in the encodings that tools print by themselves. */
function hides(text: string, value: string): boolean {
  const bytes = Buffer.from(value);
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('hex'),
    encodeURIComponent(value),
  ];
  return forms.every((form) => !text.includes(form));
}

/** Returns command line and environment of a living process, as another user of the machine may see them. */
export async function readProcess(pid: number): Promise<string> {
  const parts = await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1')));
  return parts.join('\n');
}
