import { useTranslations } from 'use-intl/react';

import type { Blocker, Run } from '../../../api/client.generated.ts';
import { Duration } from '../../../kit/duration.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { useRunNow } from '../run-clock.ts';
import { useTellLimit } from '../use-tell-limit.ts';

/** Why a step does not go on, what unblocks it, who can, until when and what happens then. */
export function StepWaits({ run, waits }: { run: Run; waits: readonly Blocker[] }) {
  const t = useTranslations('runbook');
  const shared = useTranslations('shared');
  const tellLimit = useTellLimit();
  const now = useRunNow(run);
  return waits.map(({ kind, why, unblockedBy, people, untilMs, onLimit }) => {
    const by = unblockedBy.map((deed) =>
      t.has(`waits.by.${deed}` as 'waits.by.skip') ? t(`waits.by.${deed}` as 'waits.by.skip') : deed,
    );
    const rows = [
      { name: shared('why'), value: why },
      ...(by.length === 0 ? [] : [{ name: shared('unblocks'), value: by.join(t('waits.or')) }]),
      ...(people.length === 0 ? [] : [{ name: shared('whoCan'), value: people.join(', ') }]),
      ...(untilMs === null
        ? []
        : [
            {
              name: untilMs > now ? t('waits.left') : t('waits.since'),
              value: (
                <>
                  <Duration ms={Math.abs(untilMs - now)} />
                  {onLimit === null ? null : `, ${t('waits.afterwards', { what: tellLimit(onLimit) })}`}
                </>
              ),
            },
          ]),
    ];
    return <KeyValues key={`${kind} ${why}`} items={rows} />;
  });
}
