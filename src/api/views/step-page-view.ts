import { z } from 'zod';

import type { StepPage } from '../../engine/runs/read-step-page.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import { place } from './launch-view.ts';
import { stepView, toSteps } from './run-view.ts';

export const effectView = z
  .object({ does: z.enum(['read', 'write', 'delete', 'send', 'unknown']), target: z.string(), text: z.string() })
  .meta({ id: 'Effect' });

const action = z.object({ kind: z.string(), text: z.string(), at: place }).nullable();

/** A signed word with which somebody closed the step. */
const confirmation = z.object({
  id: z.string(),
  index: z.int().describe('place in the log of the launch'),
  person: z.string(),
  role: z.string(),
  attempt: z.int(),
  round: z.int(),
  proof: z.string(),
  comment: z.string(),
  signedAt: z.string(),
});

/** A step of a run, by itself. */
export const stepPageView = z
  .object({
    launch: z.string(),
    run: z.string(),
    version: z.string().describe('what a change of this run has to name as expectedVersion'),
    step: stepView,
    source: z
      .object({ at: place, markdown: z.string() })
      .nullable()
      .describe('the item as its document has it; null where no document has one'),
    action: action.describe('the fence that the machine reads'),
    probe: action.describe('the fence that tells whether an interrupted attempt took effect'),
    effects: z.array(effectView).describe('what it does to the world, as the dry run told'),
    confirmations: z.array(confirmation),
  })
  .meta({ id: 'StepPage' });

/** What the API tells of a step; `entries` is the log of its launch. */
export function toStepPageView(page: StepPage, entries: readonly StoredEntry[]): z.input<typeof stepPageView> {
  const { view, planned, source, effects } = page;
  return {
    launch: view.launch,
    run: view.run.id,
    version: String(view.events),
    step: toSteps(page).find(({ id }) => id === planned.id)!,
    source,
    action: planned.action,
    probe: planned.probe,
    effects,
    confirmations: entries.flatMap(({ id, index, entry }) => {
      if (!('statement' in entry) || entry.statement.format !== 'tminus/step-confirmation/1') return [];
      const { statement } = entry;
      return statement.run === view.run.id && statement.step === planned.id ? [{ ...statement, id, index }] : [];
    }),
  };
}
