import { basename } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { LaunchReaders } from '../../spec/launch/launch-readers.ts';
import { createPlanLoader } from '../load-plan.ts';
import type { LoadedPlan } from '../load-plan.ts';
import { readWrittenId } from './read-written-id.ts';
import { toScene } from '../scene.ts';
import type { Scene } from '../scene.ts';

/** A launch repository that this installation serves, as it stands now. */
export interface ServedLaunch {
  /** Id of the launch; while its documents cannot be read, the one that they last had, else the one that is written, else the name of the folder. */
  id: string;
  directory: string;
  plan: LoadedPlan | null;
  /** Why there is no plan; null where there is one. */
  trouble: ProductError | null;
  /** The last launch that this process could read from the folder; null where it never could. */
  lastRead: Launch | null;
}

/** The launches of this installation, read from their folders. */
export interface LaunchDesk {
  /** All of them in the order of their folders, those that cannot be read, too. */
  list(): Promise<ServedLaunch[]>;
  /** Throws `launch_missing` for one that is not served here. */
  find(id: string): Promise<ServedLaunch>;
  /** The launch with its candidate, for an environment (null: its own). Throws what stands against it, as the command line does. */
  scene(id: string, environment?: string | null): Promise<Scene>;
  /** What is asked next is read anew: somebody has just written a document. */
  forget(): void;
}

/** How long a reading is believed: many requests for the same page read the folder once. */
const freshMs = 500;

/** The desk over these folders. Documents, candidate and environment are read again at most twice a second. */
export function openLaunchDesk(directories: readonly string[], readers: LaunchReaders): LaunchDesk {
  const readable = new Map<string, Launch>();
  const load = createPlanLoader(readers);
  const once = createOnce();
  const read = (directory: string): Promise<ServedLaunch> =>
    once.ask(`plan ${directory}`, async () => {
      try {
        const plan = await load(directory);
        readable.set(directory, plan.launch);
        return { id: plan.launch.id, directory, plan, trouble: null, lastRead: plan.launch };
      } catch (error) {
        if (!(error instanceof ProductError)) throw error;
        const lastRead = readable.get(directory) ?? null;
        const id = lastRead?.id ?? (await readWrittenId(directory)) ?? basename(directory);
        return { id, directory, plan: null, trouble: error, lastRead };
      }
    });
  const list = (): Promise<ServedLaunch[]> => Promise.all(directories.map(read));
  const find = async (id: string): Promise<ServedLaunch> => {
    const all = await list();
    return all.find((one) => one.id === id) ?? refuseUnknown(id, all);
  };
  return {
    list,
    find,
    async scene(id, environment = null) {
      const { plan, trouble } = await find(id);
      if (trouble) throw trouble;
      return once.ask(`scene ${id} ${environment ?? ''}`, () => toScene(plan!, environment));
    },
    forget: () => once.forget(),
  };
}

function refuseUnknown(id: string, all: readonly ServedLaunch[]): never {
  const known = all.map((one) => one.id).join(', ') || 'none';
  throw new ProductError('launch_missing', `launch ${id}: expected one of ${known}`, {
    hint: 'name a launch that this installation serves; "tminus serve" takes the folders of more',
  });
}

/** Asks each question once while its answer is fresh; a question that failed is asked again. */
function createOnce(): { ask<T>(key: string, question: () => Promise<T>): Promise<T>; forget(): void } {
  const answers = new Map<string, { atMs: number; answer: Promise<unknown> }>();
  return {
    ask<T>(key: string, question: () => Promise<T>): Promise<T> {
      const known = answers.get(key);
      const now = performance.now();
      if (known && now - known.atMs < freshMs) return known.answer as Promise<T>;
      const answer = question();
      answers.set(key, { atMs: now, answer });
      answer.catch(() => answers.delete(key));
      return answer;
    },
    forget: () => answers.clear(),
  };
}
