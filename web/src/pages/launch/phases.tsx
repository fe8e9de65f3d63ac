import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Launch, Outlook } from '../../api/client.generated.ts';
import { toOffset } from '../../decide/to-offset.ts';
import { useNow } from '../../kit/clock.ts';
import { Panel } from '../../kit/panel.tsx';
import { Badge } from '../../kit/status.tsx';
import styles from './launch.module.css';

/** The phases in their order, with the one that the count stands in. */
export function Phases({ launch, outlook }: { launch: Launch; outlook: Outlook | undefined }) {
  const t = useTranslations('launch.phases');
  const now = useNow();
  const t0Ms = outlook?.run?.t0Ms ?? (launch.t0 === null ? null : Date.parse(launch.t0));
  const countMs = outlook?.run?.countMs ?? (t0Ms === null ? null : now - t0Ms);
  if (launch.phases.length === 0) return null;
  const current = currentPhase(launch, countMs);
  return (
    <Panel title={t('title')} flush>
      <ol className={styles.phases}>
        {launch.phases.map(({ id, title, offsetMs, at }) => (
          <li key={id} className={styles.phase} aria-current={id === current ? 'step' : undefined}>
            <span className={styles.offset}>
              {offsetMs === null ? id : toOffset(offsetMs)}
              {id === current ? <Badge tone="running">{t('now')}</Badge> : null}
            </span>
            <Link
              to="/launches/$launch/documents/$"
              params={{ launch: launch.id, _splat: at.file }}
              hash={`L${at.line}`}
              className={styles.plainLink ?? ''}
            >
              {withoutOffset(title)}
            </Link>
            {launch.gates
              .filter(({ phase }) => phase === id)
              .map((gate) => (
                <Link
                  key={gate.id}
                  to="/launches/$launch/gates/$gate"
                  params={{ launch: launch.id, gate: gate.id }}
                  className={styles.gateMark ?? ''}
                >
                  {t('gate')} {gate.title}
                </Link>
              ))}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** The last phase whose time has come; null before the first, and where nothing counts. */
function currentPhase({ phases }: Launch, countMs: number | null): string | null {
  if (countMs === null) return null;
  return phases.findLast(({ offsetMs }) => offsetMs !== null && offsetMs <= countMs)?.id ?? null;
}

/** Titles begin with the offset in documents, which stands above it here. */
function withoutOffset(title: string): string {
  return title.replace(/^T[-+\u2212]\S*\s+/u, '');
}
