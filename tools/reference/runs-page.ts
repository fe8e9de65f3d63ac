import { actionClasses } from '../../src/core/procedure/action-classes.ts';
import { refusals } from '../../src/core/procedure/refusals.ts';
import { renderTransitions } from '../../src/core/procedure/render-transitions.ts';
import { renderEventTypes } from '../../src/core/procedure/run-event-types.ts';
import { generatedBy, toTable } from './page.ts';

const introduction = `# Runs: states, events, refusals

${generatedBy}

A run is one execution of a procedure. What it makes of an input is decided by one pure function over the tables below; nothing else moves it. How it is used stands in
[How do I run a runbook?](../guide/how-do-i-run-a-runbook.md)`;

const events = `## Events

\`tminus events RUN --after CURSOR\` lists what happened, in order, and ends where it is now. The cursor rises by one from event to event of the whole store, without gaps: whoever remembers the last one they read misses
nothing and sees nothing twice, across restarts, too. With \`--json\` each has \`cursor\`, \`at\`, \`type\`, \`run\`, \`step\`, \`text\` and \`data\`.`;

const moves = `## Transitions

Each move of a run and of a step, from which states, to which, and why.`;

/** The reference page of runs: transitions, event types, and why an input is refused. */
export function toRunsPage(): string {
  const codes = Object.entries(refusals).map(([code, next]) => [`\`${code}\``, next]);
  return `${[
    introduction,
    events,
    renderEventTypes(),
    moves,
    renderTransitions().trim(),
    '## Refusals',
    'An input that a run refuses changes nothing. The codes in the table above, and these:',
    toTable(['code', 'what to do'], codes),
  ].join('\n\n')}\n`;
}

/** The limits of steps by their class, as a table. */
export function toClassTable(): string {
  const rows = Object.entries(actionClasses).map(([name, { stepMs, leaseMs, maxAttempts, writes }]) => [
    `\`${name}\``,
    toLength(stepMs),
    toLength(leaseMs),
    String(maxAttempts),
    writes ? 'yes' : 'no',
  ]);
  return toTable(['class', 'limit of a step', 'lease', 'attempts at most', 'writes'], rows);
}

function toLength(ms: number): string {
  const day = 86_400_000;
  return ms % day === 0 ? `${ms / day} d` : `${ms / 1000} s`;
}
