import { spawnSync } from 'node:child_process';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toScript } from './to-script.ts';

function scriptOf(text: string): string {
  const read = toScript(text);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.script;
}

describe('templates in a script', () => {
  it.each([
    ['curl {{ a.url }}/x', 'curl "${TMINUS_A_URL}"/x'],
    ['curl "{{ a.url }}/x"', 'curl "${TMINUS_A_URL}/x"'],
    ['x="$(curl {{ a.url }})"', 'x="$(curl "${TMINUS_A_URL}")"'],
    ['x="$(curl "{{ a.url }}")"', 'x="$(curl "${TMINUS_A_URL}")"'],
    ["echo 'it''s' {{ a.url }}", `echo 'it''s' "\${TMINUS_A_URL}"`],
    ["# it's\necho {{ a.url }}", `# it's\necho "\${TMINUS_A_URL}"`],
    ['cat <<E\n{{ a.url }}\nE\necho {{ a.url }}', 'cat <<E\n${TMINUS_A_URL}\nE\necho "${TMINUS_A_URL}"'],
    ['echo $((1<<2)) {{ a.url }}\necho 3', 'echo $((1<<2)) "${TMINUS_A_URL}"\necho 3'],
    ['nsupdate -k {{ secret "dns/key" }} t', 'nsupdate -k "${TMINUS_SECRET_DNS_KEY}" t'],
    ['case x in a) echo {{ a.url }};; esac', 'case x in a) echo "${TMINUS_A_URL}";; esac'],
  ])('A13 %s becomes a variable', (text, script) => {
    expect(scriptOf(text)).toBe(script);
  });

  it.each([
    ["echo '{{ a.url }}'", 'single', 0, 7],
    ["echo \\\n $'{{ a.url }}'", 'single', 1, 4],
    ["cat <<'E'\n{{ a.url }}\nE", 'quoted heredoc', 1, 1],
    ['cat <<-\\E\n\t{{ a.url }}\n\tE', 'quoted heredoc', 1, 2],
    ['echo $(( {{ a.url }} ))', 'arithmetic', 0, 10],
    ['(( {{ a.url }} ))', 'arithmetic', 0, 4],
    ['echo `echo {{ a.url }}`', 'backtick', 0, 12],
    ['echo \\{{ a.url }}', 'escaped', 0, 7],
  ])('A13 %s is refused as %s, with its place', (text, place, line, column) => {
    const read = toScript(text);
    expect(read).toMatchObject({ ok: false, faults: [{ line, column, expected: `no template (${place})` }] });
  });

  it.each(['sh', 'bash'])('A13 in %s a value of any shape is one word, and runs nothing', (shell) => {
    const hostile = fc.oneof(
      fc.constantFrom('; rm -rf /', '$(touch owned)', '`id`', '-rf', '*', '~', 'a\nb', '"', "'", '\\', ' ', '${HOME}'),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed() && text !== ''),
    );
    const script = scriptOf('printf "<%s>" {{ v }} "{{ v }}" "$(printf %s {{ v }}; printf x)"; cat <<E\n{{ v }}\nE\n');
    fc.assert(
      fc.property(hostile, (value) => {
        const env = { PATH: process.env['PATH'], TMINUS_V: value };
        const run = spawnSync(shell, ['-eu', '-c', script], { env, encoding: 'utf8' });
        expect(run.stdout).toBe(`<${value}><${value}><${value}x>${value}\n`);
      }),
      { numRuns: 30 },
    );
  });
});
