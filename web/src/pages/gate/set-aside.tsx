import { useTranslations } from 'use-intl/react';

import type { GatePage } from '../../api/client.generated.ts';
import { findNode } from '../../decide/find-node.ts';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './gate.module.css';

/** Criteria that do not count now: conditions that are due later, and waivers with who signed them. Nothing where there are none. */
export function SetAside({ page }: { page: GatePage }) {
  const t = useTranslations('gate');
  const d = useTranslations('decide');
  const { conditions, waivers, tree } = page;
  return (
    <>
      {conditions.length === 0 ? null : (
        <Panel title={t('conditions')} aside={conditions.length}>
          <ul className={styles.lines}>
            {conditions.map(({ criterion, title, by }) => (
              <li key={criterion}>
                <Status of="condition" /> {d('condition', { title, by })}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {waivers.length === 0 ? null : (
        <Panel title={t('waivers')} aside={waivers.length}>
          <ul className={styles.lines}>
            {waivers.map(({ criterion, reason, person, expiresAt }) => (
              <li key={`${criterion} ${person} ${expiresAt}`}>
                <Status of="waived" />{' '}
                {t('waiver', { title: findNode(tree, criterion)?.title ?? criterion, reason, person })}{' '}
                <Time at={expiresAt} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
