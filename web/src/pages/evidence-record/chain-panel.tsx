import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { ReadEvidenceAnswer } from '../../api/client.generated.ts';
import { Panel } from '../../kit/panel.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { EntryStatus } from '../evidence/entry-status.tsx';
import styles from './record.module.css';

/** Evidence of the same criterion, the newest first: what was superseded stays readable. */
export function ChainPanel({ launch, record: { id, chain } }: { launch: string; record: ReadEvidenceAnswer }) {
  const t = useTranslations('evidenceRecord');
  return (
    <Panel title={t('chain')} aside={chain.length}>
      <ul className={styles.chain}>
        {chain.toReversed().map((one) => (
          <li key={one.id}>
            <EntryStatus word={one.word} />
            <Link to="/launches/$launch/evidence/$id" params={{ launch, id: one.id }}>
              <Time at={one.at} short />
            </Link>
            {one.id === id ? <Badge>{t('chainCurrent')}</Badge> : null}
            {one.supersededBy === null ? null : <Status of="superseded" />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
