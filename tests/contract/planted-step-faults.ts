import type { StepKind } from '../../src/core/step/step-kind.ts';
import { ownTime } from './own-time.ts';

/** A fault planted into a step kind, and the promise that has to break by it. */
export interface PlantedStepFault {
  title: string;
  /** The part of the contract without which the fault cannot show; null where it always does. */
  needs: 'trouble' | 'slow' | 'forbidden' | 'secret' | 'probe' | 'keyed' | null;
  breaks: string;
  plant: (kind: StepKind) => StepKind;
}

const secretPromise = 'O06 a secret reaches the target and nothing else';

/** Ways to be wrong that have been seen in tools of this sort; the contract must notice each of them. */
export const plantedStepFaults: PlantedStepFault[] = [
  {
    title: 'takes any key',
    needs: null,
    breaks: 'refuses an unknown key and names the nearest known one',
    plant: (kind) => ({ ...kind, readSpec: () => ({ ok: true, spec: {} }) }),
  },
  {
    title: 'tells no effects',
    needs: null,
    breaks: 'O34 tells its effects before it has any, and names the target',
    plant: (kind) => ({ ...kind, listEffects: () => [] }),
  },
  {
    title: 'tells effects without their target',
    needs: null,
    breaks: 'O34 tells its effects before it has any, and names the target',
    plant: (kind) => ({ ...kind, listEffects: () => [{ does: 'write', target: 'something', text: 'writes' }] }),
  },
  {
    title: 'throws what the target did',
    needs: 'trouble',
    breaks: 'trouble of the target is a failed outcome and no exception',
    plant: (kind) => ({
      ...kind,
      run: async (spec, context) => {
        const end = await kind.run(spec, context);
        if (end.outcome === 'failed') throw new Error(end.detail);
        return end;
      },
    }),
  },
  {
    title: 'takes every end for success',
    needs: 'trouble',
    breaks: 'trouble of the target is a failed outcome and no exception',
    plant: (kind) => ({
      ...kind,
      run: async (spec, context) => ({ ...(await kind.run(spec, context)), outcome: 'done' }),
    }),
  },
  {
    title: 'does not hear that it is to stop',
    needs: 'slow',
    breaks: 'F12 ends when it is asked to, and nothing of it is left',
    plant: (kind) => ({
      ...kind,
      run: (spec, context) => {
        // It hears in the end, so that the test leaves nothing running.
        const late = new AbortController();
        void ownTime(8_000).then(() => late.abort());
        return kind.run(spec, { ...context, signal: late.signal });
      },
    }),
  },
  {
    title: 'forgets which hosts are forbidden',
    needs: 'forbidden',
    breaks: 'C07 touches no host that is forbidden, although it is allowed',
    plant: (kind) => ({ ...kind, run: (spec, context) => kind.run(spec, { ...context, forbidden: [] }) }),
  },
  {
    title: 'says the secret in its detail',
    needs: 'secret',
    breaks: secretPromise,
    plant: leakInto((end, value) => ({ ...end, detail: `${end.detail} with ${value}` })),
  },
  {
    title: 'keeps the secret in its facts, in base64',
    needs: 'secret',
    breaks: secretPromise,
    plant: leakInto((end, value) => ({ ...end, facts: { auth: Buffer.from(value).toString('base64') } })),
  },
  {
    title: 'guesses that everything was applied',
    needs: 'probe',
    breaks: 'O13 the probe tells what was not applied from what was',
    plant: (kind) => ({ ...kind, probe: () => Promise.resolve({ result: 'applied', detail: 'surely' }) }),
  },
  {
    title: 'takes what it cannot see for not applied',
    needs: 'probe',
    breaks: 'O13 the probe does not know what it cannot see',
    plant: (kind) => ({ ...kind, probe: () => Promise.resolve({ result: 'not_applied', detail: 'nothing seen' }) }),
  },
  {
    title: 'uses another key for each attempt',
    needs: 'keyed',
    breaks: 'O13 a repeat with the same key changes nothing',
    plant: (kind) => ({
      ...kind,
      run: (spec, context) =>
        kind.run(spec, { ...context, idempotencyKey: `${context.idempotencyKey}-${context.attempt}` }),
    }),
  },
];

function leakInto(
  leak: (end: Awaited<ReturnType<StepKind['run']>>, value: string) => Awaited<ReturnType<StepKind['run']>>,
): (kind: StepKind) => StepKind {
  return (kind) => ({
    ...kind,
    run: async (spec, context) => {
      let text = '';
      const openSecret: typeof context.openSecret = async (name) => {
        const value = await context.openSecret(name);
        text = value.exposeText();
        return value;
      };
      return leak(await kind.run(spec, { ...context, openSecret }), text);
    },
  });
}
