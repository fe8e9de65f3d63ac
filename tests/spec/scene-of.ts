import type { Scene } from '../../src/engine/scene.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { problemLines, readTexts } from './problem-lines.ts';

/** Returns a launch as a use case has it before it, read from its text; throws its problems. */
export function sceneOf(text: string, { environment = 'staging', directory = '/' } = {}): Scene {
  const read = readTexts({ 'launch.md': text }, { checks: checkReaders, steps: stepReaders });
  if (!read.ok) throw new Error(problemLines(read).join('\n'));
  const { launch, planHash } = read;
  const candidateSha256 = 'ab'.repeat(32);
  return {
    directory,
    documents: [],
    launch,
    planHash,
    candidate: { commit: 'c', version: null, url: null, environment, extra: {} },
    candidateSha256,
    environment: launch.environments.find(({ id }) => id === environment)!,
    binding: { launch: launch.id, planHash, candidateSha256, environment },
  };
}
