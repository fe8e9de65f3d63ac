import * as fs from 'node:fs';

import type { Scene } from '../scene.ts';

/** People of the launch who wrote its newest commit, by the name or mail of Git; nobody where there is no Git, or nobody of the launch. */
export async function findAuthors({ directory, launch }: Pick<Scene, 'directory' | 'launch'>): Promise<string[]> {
  const { default: git } = await import('isomorphic-git');
  const root = await git.findRoot({ fs, filepath: directory }).catch(() => null);
  const [newest] = root === null ? [] : await git.log({ fs, dir: root, depth: 1 }).catch(() => []);
  if (!newest) return [];
  const { author, committer } = newest.commit;
  const words = new Set([author, committer].flatMap(({ name, email }) => [name, email, email.split('@')[0] ?? '']));
  return launch.people.filter(({ id, name }) => words.has(id) || words.has(name)).map(({ id }) => id);
}
