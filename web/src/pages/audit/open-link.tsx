import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { AuditLine } from '../../api/client.generated.ts';

/** Leads to what a row is about, where this cockpit has a page for it: its evidence, its gate, its run. */
export function OpenLinks({ line: { launch, run, entry, subjects } }: { line: AuditLine }) {
  const t = useTranslations('audit');
  if (launch === null) return null;
  const gate = subjects.find(({ kind }) => kind === 'gate')?.id;
  return (
    <>
      {entry === null ? null : (
        <Link to="/launches/$launch/evidence/$id" params={{ launch, id: entry }}>
          {t('open', { kind: t('subjects.entry') })}
        </Link>
      )}
      {gate === undefined ? null : (
        <Link to="/launches/$launch/gates/$gate" params={{ launch, gate }}>
          {t('open', { kind: t('subjects.gate') })}
        </Link>
      )}
      {run === null ? null : (
        <Link to="/launches/$launch/runs/$run" params={{ launch, run }}>
          {t('open', { kind: t('subjects.run') })}
        </Link>
      )}
    </>
  );
}
