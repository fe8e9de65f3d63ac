import { errorCodes } from '../../src/core/error/error-codes.ts';
import type { ErrorCode } from '../../src/core/error/error-codes.ts';
import { errorMeanings, exitMeanings } from './error-meanings.ts';
import { generatedBy, toTable } from './page.ts';

const introduction = `# Errors

${generatedBy}

An error says that the work could not be done. A failing check and a NO-GO are results, not errors.

It is told on stderr as \`error\` with what was expected and what was got, and \`hint\` with what to do next. With \`--json\` the last line of stderr is
\`{"error":{"code":…,"message":…,"hint":…,"at":…}}\`: branch on \`code\`, never on \`message\`. **Again** says whether the same command may do better later.`;

/** The reference page of exit codes and error codes. */
export function toErrorsPage(): string {
  const exits = Object.entries(exitMeanings).map(([exit, meaning]) => [exit, meaning]);
  const codes = (Object.keys(errorCodes) as ErrorCode[]).toSorted().map((code) => {
    const { exit, retry } = errorCodes[code];
    const { meaning, next } = errorMeanings[code];
    return [`\`${code}\``, String(exit), retry === 'later' ? 'later' : 'no', meaning, next];
  });
  return `${[
    introduction,
    '## Exit codes',
    toTable(['exit', 'says'], exits),
    '## Codes',
    toTable(['code', 'exit', 'again', 'says', 'what to do'], codes),
  ].join('\n\n')}\n`;
}
