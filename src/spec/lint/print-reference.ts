import { launchRules } from './launch-gaps.ts';
import { readingRules } from './reading-rules.ts';
import type { Rule, Sample } from './rule.ts';
import { dataRules } from './data-gaps.ts';
import { returnRules } from './return-gaps.ts';
import { rollbackRules } from './rollback-gaps.ts';
import { runRules } from './run-gaps.ts';
import { rules } from './rules/rules.ts';

/** Returns the reference page of all findings, made of the registry; the page in docs/reference is held against it by a test. */
export function printReference(): string {
  const index = [
    ...rules,
    ...readingRules,
    ...launchRules,
    ...runRules,
    ...rollbackRules,
    ...returnRules,
    ...dataRules,
  ].map(({ code, severity, summary }) => `| [\`${code}\`](#${code}) | ${severity} | ${summary} |`);
  return [
    '# Findings of lint',
    'Made by `node scripts/run.mjs tools/write-lint-reference.ts` from the rules themselves. Each example is a test: the first must be reported, the second must not.',
    'Weights: **blocking** means that the document contradicts itself where a decision rests on it; **warning** that somebody should look before the launch; **info** what a careful reader would say. A document that says `tminus:` also gets the problems of its declarations, as blocking.',
    `| code | weight | reports |\n|---|---|---|\n${index.join('\n')}`,
    ...rules.map(printRule),
    ...readingRules.map(
      ({ code, severity, summary, why }) =>
        `## ${code}\n\n${summary} ${why} (${severity}, found while reading the bytes)`,
    ),
    ...[...launchRules, ...runRules, ...rollbackRules, ...returnRules, ...dataRules].map(
      ({ code, severity, summary, why }) =>
        `## ${code}\n\n${summary} ${why} (${severity}, found in a launch that reads without a problem)`,
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function printRule({ code, severity, summary, why, fires, silent }: Rule): string {
  return `## ${code}\n\n${summary} ${why} (${severity})\n\nReported:\n\n${printSample(fires)}\n\nNot reported:\n\n${printSample(silent)}`;
}

function printSample(sample: Sample): string {
  const files = typeof sample === 'string' ? { '': sample } : sample;
  return Object.entries(files)
    .map(
      ([path, text]) =>
        `${path === '' ? '' : `\`${path}\`\n\n`}\`\`\`\`\`\`\`md\n${text.replace(/\n$/, '')}\n\`\`\`\`\`\`\``,
    )
    .join('\n\n');
}
