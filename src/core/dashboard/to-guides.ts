import { alertSpecs } from './boards.ts';
import type { GuideId, Shows } from './boards.ts';
import type { DeclaredMetric } from './declared-metric.ts';

/** What a guide says besides its steps. */
interface GuideText {
  title: string;
  /** Metrics that tell what it is, in the order of looking. */
  looksAt: readonly Shows[];
  causes: readonly string[];
  resolution: readonly string[];
}

const texts: { readonly [id in GuideId]: GuideText } = {
  'high-error-rate': {
    title: 'High error rate',
    looksAt: ['errors', 'service-latency', 'db-pool', 'dlq'],
    causes: [
      'a release of the last hours',
      'a service that this one needs and that fails',
      'requests that nobody expected',
      'a configuration or secret that changed',
    ],
    resolution: [
      'Take the release back, or set its rollout to 0, if the errors began with it',
      'Switch the failing part off by its flag, or let the other service know',
      'Look at what lies in the dead letters before any of it is sent again',
    ],
  },
  'queue-growing': {
    title: 'Queue is growing',
    looksAt: ['queue', 'workers', 'queue-time', 'step-time'],
    causes: [
      'workers that are dead or silent',
      'more work than usual',
      'steps that take longer than usual',
      'a target that asks for a pause',
    ],
    resolution: [
      'Start the workers that are silent, or add slots',
      'Hold what can wait',
      'Find the step that became slow, and what it waits for',
    ],
  },
  'database-pool-exhausted': {
    title: 'Database pool is exhausted',
    looksAt: ['db-pool', 'db-time', 'locks', 'active'],
    causes: [
      'statements that wait for a lock',
      'a statement that became slow',
      'connections that nobody gives back',
      'more processes than the pool is made for',
    ],
    resolution: [
      'End the session that holds the lock, after somebody has looked at what it does',
      'Hold runs that read or write much',
      'Make the pool of each process smaller before the limit of the server is raised',
    ],
  },
  'sla-violations': {
    title: 'Service level is violated',
    looksAt: ['sla', 'duration', 'service-latency', 'queue-time'],
    causes: [
      'waiting before the work begins',
      'work that takes longer',
      'a target that answers slowly',
      'tries that are repeated',
    ],
    resolution: [
      'Take the longest part of the time first: waiting, working or a target',
      'Tell who was promised, with the time by which it is over',
    ],
  },
  'memory-leak': {
    title: 'Memory leak',
    looksAt: ['memory', 'active', 'throughput'],
    causes: [
      'a cache without a bound',
      'listeners or timers that are never removed',
      'answers that are kept whole',
      'a release of the last days',
    ],
    resolution: [
      'Drain and start again one process after the other, to gain time',
      'Take a snapshot of the heap of one before it ends, and compare it with a fresh one',
      'Take the release back if the rise began with it',
    ],
  },
  'not-alive': {
    title: 'It does not answer, or cannot do its work',
    looksAt: ['liveness', 'readiness', 'memory', 'db-pool'],
    causes: [
      'a process that ended, or that somebody drains',
      'a database that is away or takes no writes',
      'a release or a configuration of the last minutes',
      'a network that no longer leads there',
    ],
    resolution: [
      'Ask it from where it runs, and read the last lines of its log',
      'Bring back what it needs before it is started again: a process that is not ready gets no better by that',
      'Take the release back if it began with it',
    ],
  },
};

/** A guide as a document that Tminus runs. */
export interface Guide {
  id: GuideId;
  markdown: string;
}

/** What the steps of guides need to know. */
export interface GuideScene {
  /** Address of the Prometheus that the steps ask. */
  url: string;
  /** Role that looks and decides. */
  role: string;
}

/** Returns the guides as procedures: look at what is measured, name the cause, do what it asks for, and see that it is over. */
export function toGuides(metrics: readonly DeclaredMetric[], scene: GuideScene): Guide[] {
  return (Object.keys(texts) as GuideId[])
    .filter((id) => isNeeded(id, metrics))
    .map((id) => ({ id, markdown: render(id, metrics, scene) }));
}

/** What alerts only where it is declared needs no guide where it is not. */
function isNeeded(id: GuideId, metrics: readonly DeclaredMetric[]): boolean {
  const alerts = alertSpecs.filter(({ guide }) => guide === id);
  return id !== 'not-alive' || alerts.some((spec) => metrics.some(({ shows }) => shows === spec.shows));
}

function render(id: GuideId, metrics: readonly DeclaredMetric[], scene: GuideScene): string {
  const { title, looksAt, causes, resolution } = texts[id];
  const looks = looksAt.flatMap((word) => metrics.filter(({ shows }) => shows === word));
  const ends = metrics.filter(
    ({ shows, alert }) => alert !== null && alertSpecs.some((spec) => spec.guide === id && spec.shows === shows),
  );
  const steps = [
    ...looks.map((metric) =>
      checkStep(`${id}-see-${metric.id}`, `See: ${metric.title}`, { metric, expect: 'ageMs < 2m', url: scene.url }),
    ),
    humanStep(`${id}-cause`, 'Name the cause, with what you saw', scene.role),
    ...resolution.map((text, index) => humanStep(`${id}-do-${index + 1}`, text, scene.role)),
    ...ends.map((metric) =>
      checkStep(`${id}-over-${metric.id}`, `It is over: ${metric.title}`, {
        metric,
        expect: overBy(metric),
        url: scene.url,
      }),
    ),
  ];
  const numbered = steps.map((text, index) => toItem(index + 1, text)).join('\n');
  const likely = causes.map((cause) => `- ${cause}`).join('\n');
  return `---\ntminus: procedure\nid: guide-${id}\ntitle: ${title}\n---\n\n# ${title}\n\nLikely causes, the usual one first:\n\n${likely}\n\n## Steps\n\n${numbered}`;
}

/** What belongs to an item is indented to its text, which begins later from the tenth on. */
function toItem(number: number, text: string): string {
  const head = `${number}. `;
  return `${head}${text.replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(head.length)}`)}`;
}

function humanStep(id: string, title: string, role: string): string {
  return `[HUMAN] ${title} {#${id} role=${role} proof=comment}\n`;
}

function checkStep(
  id: string,
  title: string,
  { metric, expect, url }: { metric: DeclaredMetric; expect: string; url: string },
): string {
  const lines = [
    '```yaml step',
    'kind: check',
    'check:',
    '  kind: prometheus',
    `  url: ${JSON.stringify(url)}`,
    `  query: ${JSON.stringify(metric.query)}`,
    `  expect: [${JSON.stringify(expect)}]`,
    '```',
  ];
  return `${title} {#${id}}\n\n${lines.join('\n')}\n`;
}

/** The opposite of the alert, on the worst of the lines. */
function overBy({ alert }: DeclaredMetric): string {
  const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
  const worst = alert?.is.startsWith('<') === true ? 'min' : 'max';
  return `${worst} ${opposite[alert?.is ?? '>']} ${alert?.value ?? 0}`;
}
