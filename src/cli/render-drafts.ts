import { stringify } from 'yaml';

import type { ImportedField } from '../core/rollout/import/field-ledger.ts';
import type { ImportedRollout } from '../core/rollout/import/imported-rollout.ts';
import type { ImportedObjectives } from '../core/slo/import/imported-objectives.ts';

/** A document of the file that was not taken over. */
export interface RefusedDocument {
  /** Its number in the file, from 1. */
  document: number;
  why: string;
}

/** Renders a draft of a rollout as the fence that a launch document holds, what is open, and what was lost and why. */
export function renderRollout({ format, id, title, fields, open, ...draft }: ImportedRollout, source: string): string {
  const { interval, phases, measures } = draft;
  const body = {
    id,
    ...(title === id ? {} : { title }),
    ...(interval === null ? {} : { interval }),
    ...(phases.length > 0 ? { phases } : {}),
    measures: Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, { ...measure, source }])),
  };
  return [headOf(format, id, fields), '', fence('yaml rollout', write(body)), '', ...restOf(fields, open)].join('\n');
}

/** Renders drafts of objectives as the front matter that holds them, and alerts as criteria of a gate. */
export function renderObjectives(
  { format, id, objectives, checks, fields, open }: ImportedObjectives,
  source: string,
): string {
  const declared = objectives.map(({ id: name, ...draft }) => [name, { ...draft, source }] as const);
  const front = write({ objectives: Object.fromEntries(declared) });
  return [
    headOf(format, id, fields),
    '',
    ...(objectives.length > 0 ? [fence('yaml', front), ''] : []),
    ...checks.flatMap(({ id: name, title, query, expect }) => [
      `- [ ] ${toWords(title)} {#${name}}`,
      '',
      indent(
        fence(
          'yaml check',
          write({ kind: 'prometheus', url: source === '' ? '' : `{{ metrics.${source}.url }}`, query, expect }),
        ),
      ),
      '',
    ]),
    ...restOf(fields, open),
  ].join('\n');
}

/** Says of each document that is none of those that are known why it was left out. */
export function renderRefused(refused: readonly RefusedDocument[]): string {
  return refused.map(({ document, why }) => `document ${document} is not taken over: ${why}\n`).join('');
}

function headOf(format: string, id: string, fields: readonly ImportedField[]): string {
  const mapped = fields.filter(({ became }) => became === 'mapped').length;
  return `${format} ${id}: ${mapped} of ${fields.length} fields taken over`;
}

function restOf(fields: readonly ImportedField[], open: readonly string[]): string[] {
  const lost = fields.flatMap((field) => (field.became === 'lost' ? [field] : []));
  const reasons = Map.groupBy(lost, ({ why }) => why);
  return [
    ...(open.length > 0 ? ['open:', ...open.map((line) => `- ${line}`)] : []),
    ...(lost.length > 0 ? ['lost:'] : []),
    ...[...reasons].map(([why, list]) => `- ${list.map(({ path }) => path).join(', ')}: ${why}`),
    '',
  ];
}

function write(value: object): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** A fence that nothing in it can close. */
function fence(info: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${info}\n${text}\n${ticks}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** Words that are no markup: what a name of an alert says stays a name. */
function toWords(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .:_-]+/gu, ' ').trim();
}
