import type { GitSpec } from './schema.ts';

/** One question to Git: the name of the source that its answer becomes, its arguments, and the exit statuses that are answers. */
export interface GitQuestion {
  source: string;
  args: string[];
  answers: readonly number[];
}

/** Fields of one commit in the answer `authors`: name, address, co-authors; mailmap applied. */
const authorFormat = '%aN%x00%aE%x00%(trailers:key=Co-authored-by,valueonly,separator=%x00)%x1e';

/** Everything that the check asks, once both revisions are known as commits: no text of the document reaches Git after that. */
export function toQuestions(spec: GitSpec, commit: string, ancestor: string | null): GitQuestion[] {
  return [
    { source: 'branch', args: ['symbolic-ref', '--quiet', '--short', 'HEAD'], answers: [0, 1] },
    {
      source: 'status',
      args: ['status', '--porcelain=v2', '-z', '--untracked-files=normal', '--ignore-submodules=none'],
      answers: [0],
    },
    { source: 'tags', args: ['tag', '--points-at', commit], answers: [0] },
    { source: 'commit', args: ['cat-file', 'commit', commit], answers: [0] },
    ...(ancestor === null
      ? []
      : [{ source: 'ancestor', args: ['merge-base', '--is-ancestor', ancestor, commit], answers: [0, 1] }]),
    ...(spec.file === null
      ? []
      : [
          {
            source: 'authors',
            args: ['log', '--follow', `--format=${authorFormat}`, commit, '--', spec.file],
            answers: [0],
          },
        ]),
  ];
}
