import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch, Outlook } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { LinkButton } from '../../kit/link-button.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge } from '../../kit/status.tsx';
import styles from './launch.module.css';

/** Runbook, rollback and other procedures, with the way to their runs. */
export function Procedures({ launch, outlook }: { launch: Launch; outlook: Outlook | undefined }) {
  const t = useTranslations('launch.procedures');
  const { id: of, procedures } = launch;
  const open = outlook?.run ?? null;
  const runs = (
    <LinkButton to="/launches/$launch/runs" params={{ launch: of }}>
      {t('runs')}
    </LinkButton>
  );
  return (
    <Panel title={t('title')} aside={procedures.length} actions={runs} flush>
      {procedures.length === 0 ? <EmptyState title={t('none')} /> : null}
      <ul className={styles.rows}>
        {procedures.map(({ id, title, kind, steps, humanSteps, at }) => (
          <li key={id} className={styles.row}>
            <span className={styles.grow}>
              <Link
                to="/launches/$launch/documents/$"
                params={{ launch: of, _splat: at.file }}
                hash={`L${at.line}`}
                className={styles.plainLink ?? ''}
              >
                {title}
              </Link>{' '}
              <span className={styles.muted}>{t('steps', { count: steps, humans: humanSteps })}</span>
            </span>
            <Badge>{t(kind)}</Badge>
            {open?.procedure === id ? (
              <Link to="/launches/$launch/runs/$run" params={{ launch: of, run: open.id }}>
                {t('openRun')}
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
