import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import type { ReadLaunch } from '../../src/spec/launch/read-launch.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';

type KindReaders = Parameters<typeof readLaunch>[1];

/** A few of the real kinds: a message that lists the kinds must not change whenever one is added. */
const readers = {
  checks: checkReaders.filter(({ kind }) => ['http', 'sql'].includes(kind)),
  steps: stepReaders.filter(({ kind }) => ['command', 'sh', 'wait'].includes(kind)),
};

/** Returns the launch that texts declare, by path, read with real kinds. */
export function readTexts(texts: { [path: string]: string }, kinds: KindReaders = readers): ReadLaunch {
  const documents = Object.entries(texts).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  return readLaunch(documents, kinds);
}

/** Returns each problem on one line, as golden tests hold them. */
export function problemLines(result: ReadLaunch): string[] {
  return result.problems.map(
    ({ code, file, line, column, message, expected, got, hint }) =>
      `${file}:${line}:${column} ${code}: ${message} - expected ${expected}, got ${got}; ${hint}`,
  );
}

/** Front matter and a gate that read without a problem, around which a test writes its own lines. */
export function launchWith(parts: { front?: string; body?: string; gate?: string }): string {
  const gate = parts.gate ?? '- [ ] [HUMAN] It is done {#done role=lead}';
  return `---\ntminus: launch\nid: kiosk\nroles: { lead: [alice] }\n${parts.front ?? ''}---\n\n# Kiosk\n\n## Gate: ready for T-0 {#ready fresh=1d}\n\n${gate}\n\n${parts.body ?? ''}`;
}
