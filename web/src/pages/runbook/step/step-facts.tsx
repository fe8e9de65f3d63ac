import { useTranslations } from 'use-intl/react';
import type { ReactNode } from 'react';

import type { Place, Step } from '../../../api/client.generated.ts';
import { Duration } from '../../../kit/duration.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Time } from '../../../kit/time.tsx';

/** Who does it, when, how long, what comes before it, what takes it back, and what happens where it goes wrong. */
export function StepFacts({ step, source }: { step: Step; source: Place | null }) {
  const t = useTranslations('runbook.step');
  const { run } = step;
  const facts: [string, ReactNode][] = [
    [t('who'), step.human ? `${step.people.join(', ')}${step.role === null ? '' : ` (${step.role})`}` : t('worker')],
    [t('began'), run?.startedAtMs == null ? null : <Time at={run.startedAtMs} />],
    [t('ended'), run?.endedAtMs == null ? null : <Time at={run.endedAtMs} />],
    [t('due'), run?.startedAtMs != null || step.dueMs === null ? null : <Time at={step.dueMs} />],
    [t('typical'), step.typicalMs === null ? null : <Duration ms={step.typicalMs} />],
    [
      t('limit'),
      step.limitMs === null ? null : (
        <>
          <Duration ms={step.limitMs} />, {t(`bad.${step.onTimeout}`)}
        </>
      ),
    ],
    [t('needs'), step.needs.length === 0 ? null : step.needs.join(', ')],
    [t('undo'), step.part === 'undo' ? null : undoText(step, t('undoNone'), t('undoNever'))],
    [t('onFail'), t(`bad.${step.onFail}`)],
    [t('assets'), step.assets.length === 0 ? null : step.assets.join(', ')],
    [t('note'), step.note === null ? null : step.note.text],
    [t('detail'), run?.detail ?? null],
    [t('proof'), run?.proof ?? null],
    [t('notes'), run && run.notes.length > 0 ? run.notes.map(({ by, reason }) => `${by}: ${reason}`).join('; ') : null],
    [t('document'), source === null ? null : <code>{`${source.file}:${source.line}`}</code>],
  ];
  const items = facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  return <KeyValues items={items} />;
}

function undoText({ undo, reversible, writes }: Step, none: string, never: string): string | null {
  if (!reversible) return never;
  return undo ?? (writes ? none : null);
}
