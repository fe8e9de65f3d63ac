import { findTemplates, replaceTemplates } from '../../../core/step/list-templates.ts';
import { findQuoting } from './find-quoting.ts';
import type { Quoting } from './find-quoting.ts';

/** A template at a place where a variable would mean something else. Line from 0, column from 1. */
export interface ScriptFault {
  line: number;
  column: number;
  expected: string;
  got: string;
  hint: string;
}

export type Script = { ok: true; script: string } | { ok: false; faults: ScriptFault[] };

const hints: { readonly [quoting in Quoting]?: string } = {
  single: 'use double quotes: in single quotes a variable stays as it is written',
  'quoted heredoc': 'remove the quotes around the word after <<',
  arithmetic: 'take it out of the arithmetic: a value would be read there as an expression, and could run commands',
  backtick: 'write $( ) instead of backticks',
  escaped: 'remove the backslash before it',
};

/**
 * Returns the script with each template as a reference to its variable, in double quotes where it has none, so that a value is one word whatever stands in it; or a
 * fault for each that stands where no variable is read. A value never becomes part of the script: the shell expands a variable once and does not read the result again.
 */
export function toScript(text: string): Script {
  const quoting = findQuoting(text);
  const faults = findTemplates(text).flatMap(({ written, offset }) => {
    const place = quoting(offset);
    const hint = hints[place];
    if (hint === undefined) return [];
    const before = text.slice(0, offset).split('\n');
    const at = { line: before.length - 1, column: before.at(-1)!.length + 1 };
    return [{ ...at, expected: `no template (${place})`, got: written, hint }];
  });
  if (faults.length > 0) return { ok: false, faults };
  const script = replaceTemplates(text, ({ variable }, offset) =>
    quoting(offset) === 'none' ? `"\${${variable}}"` : `\${${variable}}`,
  );
  return { ok: true, script };
}
