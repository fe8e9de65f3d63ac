import type { CheckKind } from '../../../core/check/check.ts';
import { toMomentSource } from '../moment.ts';
import { textOf } from '../parse-json.ts';
import { rolloutReader, toPhaseSource } from './reader.ts';

/** The `rollout` check: phases that the store has sealed, read as `rolloutReader` reads them. */
export const rolloutKind: CheckKind = {
  ...rolloutReader,
  async observe(spec, context) {
    const { phases } = context;
    if (phases === undefined) {
      const message = 'expected a store that keeps rollouts, got none';
      return { sources: [], trouble: { code: 'no_rollouts', message } };
    }
    const sealed = await phases.read(textOf(spec['rollout']));
    return {
      sources: [...sealed.map(({ name, envelope }) => toPhaseSource(name, envelope)), toMomentSource(context.now())],
      trouble: null,
    };
  },
};
