import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';

import { toProgram } from './reference/commands-page.ts';

const root = join(import.meta.dirname, '..');
const program = toProgram([]);
const files = ['README.md', ...globSync('docs/guide/*.md', { cwd: root }).toSorted()];

/** Command lines of a document: what stands behind `$ tminus`, at the begin of a line of a fence, or in backticks. */
function commandLines(markdown: string): string[] {
  const inFences = [...markdown.matchAll(/^(?:\$ )?(?:\s{6})?(?:npm run -s tminus --|tminus) (.+)$/gm)];
  const inText = [...markdown.matchAll(/`tminus ([a-z][^`]*)`/g)];
  return [...inFences, ...inText].map(([, line]) => (line ?? '').split(/ {2,}|\s[#|>]|\|\|/)[0]!.trim());
}

/** What a command line names that the tree of commands does not have; null where it has all of it. */
function unknownPart(line: string): string | null {
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  let command: Command = program;
  for (const word of words) {
    if (word.startsWith('-')) {
      const name = word.split('=')[0]!;
      if (!command.options.some(({ short, long }) => short === name || long === name))
        return `${command.name()} ${name}`;
    } else if (command.commands.length > 0) {
      const next = command.commands.find((each) => each.name() === word);
      if (!next) return word;
      command = next;
    }
  }
  return null;
}

describe('command lines in the guides', () => {
  it('are found', () => {
    const all = files.flatMap((file) => commandLines(readFileSync(join(root, file), 'utf8')));
    expect(all.length).toBeGreaterThan(40);
  });

  it.each(files)('name only commands and options that there are, in %s', (file) => {
    const lines = commandLines(readFileSync(join(root, file), 'utf8'));
    expect(lines.map((line) => unknownPart(line)).filter((part) => part !== null)).toEqual([]);
  });

  it('are noticed where there is no such command or option', () => {
    const lines = commandLines(
      '```\n$ tminus decide ready --html x.html   # a page\n$ tminus decidde\ntminus check --frce\n```\n`tminus key make`',
    );
    expect(lines.map((line) => unknownPart(line))).toEqual([null, 'decidde', 'check --frce', 'make']);
  });
});
