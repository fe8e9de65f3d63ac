import { useTranslations } from 'use-intl/react';

import type { Run } from '../../api/client.generated.ts';
import { Badge, Status } from '../../kit/status.tsx';
import { runLooks } from './run-look.ts';

/** What this run is, in one line: its state, where it runs, who asked for it. */
export function RunLead({ run }: { run: Run }) {
  const t = useTranslations('runbook');
  return (
    <>
      <Status of={runLooks[run.state]}>{t(`runState.${run.state}`)}</Status>
      <span>
        <Badge>{run.environment}</Badge>
      </span>
      <code>{run.id}</code>
      <span>{t('requestedBy', { person: run.requestedBy })}</span>
      {run.labels.map((label) => (
        <Badge key={label}>{label}</Badge>
      ))}
    </>
  );
}
