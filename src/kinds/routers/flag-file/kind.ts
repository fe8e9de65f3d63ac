import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterKind, RouterSession } from '../../../core/rollout/router-kind.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { placeInWorkspace, readFileText, replaceFile } from '../replace-file.ts';
import { flagFileOptions } from './schema.ts';
import type { FlagFileOptions } from './schema.ts';

/** A flag in a file that apps read by themselves, such as the in-process provider of flagd. */
export const flagFileKind: RouterKind = {
  kind: 'flag-file',
  summary:
    'A flag in a file of flagd (OpenFeature) that splits users by share; apps see a change when they next look at the file',
  jsonSchema: flagFileOptions.jsonSchema,
  faults: flagFileOptions.faults,
  open: async (written, context) => await openFlagFile(flagFileOptions.read(written), context),
};

async function openFlagFile(options: FlagFileOptions, context: RouterContext): Promise<RouterSession> {
  const { readFlagWeight, writeFlagWeight } = await import('./split-flag.ts');
  const path = await placeInWorkspace(context.workspace, options.file);
  const weightNow = async (): Promise<number> => {
    if (context.signal.aborted) throw new RouterTrouble('aborted', `${options.file}: cancelled`);
    return readFlagWeight(await readFileText(path), options);
  };
  const set = async (weight: number): Promise<void> => {
    const text = await readFileText(path);
    const next = writeFlagWeight(text, weight, options);
    if (next !== text) await replaceFile(path, next);
    const taken = await weightNow();
    if (Math.abs(taken - weight) > 1e-6)
      throw new RouterTrouble(
        'not_taken',
        `${options.file}: expected weight ${weight}, got ${taken} after it was written`,
      );
  };
  await weightNow();
  return {
    abilities: { sticky: true, loss: null, flips: false, drains: false, counts: false },
    async read() {
      const weight = await weightNow();
      const detail = `flag ${options.flag} in ${options.file}: ${options.canary} ${weight} %; apps follow when they next read the file`;
      return { atMs: context.now(), weight, requests: null, healthy: { stable: null, canary: null }, detail };
    },
    set,
    drain: refuseDrain('a flag knows no requests'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}
