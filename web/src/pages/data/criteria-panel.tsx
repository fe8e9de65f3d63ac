import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { Dataset } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Banner } from '../../kit/banner.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import styles from './data.module.css';
import type { DatasetPlace } from './use-data.ts';

type Criterion = Dataset['criteria'][number];

/** What gates ask of a dataset, and how each of it stands: what is missing before GO, and why. */
export function CriteriaPanel({ place, dataset: { criteria } }: DatasetPlace) {
  const t = useTranslations('data.criteria');
  return (
    <Panel title={t('title')} flush={criteria.length > 0}>
      {criteria.length === 0 ? (
        <Banner tone="held" icon="warning" title={t('none')} />
      ) : (
        <ul className={styles.pairs}>
          {criteria.map((one) => (
            <li key={one.criterion} className={styles.criterion}>
              <Line place={place} one={one} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Line({ place: { launch, environment }, one }: { place: LaunchPlace; one: Criterion }) {
  const t = useTranslations('data.criteria');
  const { title, gate, criterion, outcome, state, reason } = one;
  const search = { ...inEnvironment({ environment }), criterion };
  return (
    <>
      <span className={styles.inLine}>
        {outcome === null ? <Status of="missing">{t('noEvidence')}</Status> : <Status of={toLook(one)} />}
        <Link to="/launches/$launch/gates/$gate" params={{ launch, gate }} search={search}>
          {title}
        </Link>
      </span>
      {state === 'fresh' && outcome === 'pass' ? null : <span className={styles.muted}>{reason}</span>}
    </>
  );
}

function toLook({ isMet, outcome }: Criterion): StatusName {
  if (isMet) return 'met';
  return outcome === 'pass' ? 'stale' : (outcome ?? 'missing');
}
