import { useTranslations } from 'use-intl/react';

import type { Launch } from '../../api/client.generated.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { LinkButton } from '../../kit/link-button.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Badge } from '../../kit/status.tsx';
import styles from './launch.module.css';

type Person = Launch['people'][number];

/** Roles with the people in them; who has no key cannot sign, and is marked. */
export function People({ launch }: { launch: Launch }) {
  const t = useTranslations('launch.people');
  const { people, roles } = launch;
  const known = new Map(people.map((person) => [person.id, person]));
  const without = people.filter((person) => person.roles.length === 0);
  return (
    <Panel
      title={t('title')}
      actions={
        <LinkButton look="quiet" to="/launches/$launch/acceptance" params={{ launch: launch.id }}>
          {t('acceptance')}
        </LinkButton>
      }
      flush
    >
      {roles.length === 0 ? <EmptyState title={t('none')} /> : null}
      <ul className={styles.rows}>
        {roles.map(({ id, people: holders }) => (
          <li key={id} className={styles.role}>
            <span className={styles.roleName}>{id}</span>
            <span className={styles.holders}>
              {holders.length === 0 ? <Badge tone="held">{t('empty')}</Badge> : null}
              {holders.map((holder) => (
                <Holder key={holder} id={holder} person={known.get(holder)} />
              ))}
            </span>
          </li>
        ))}
        {without.length === 0 ? null : (
          <li className={styles.role}>
            <span className={styles.muted}>{t('noRole')}</span>
            <span className={styles.holders}>
              {without.map((person) => (
                <Holder key={person.id} id={person.id} person={person} />
              ))}
            </span>
          </li>
        )}
      </ul>
    </Panel>
  );
}

function Holder({ id, person }: { id: string; person: Person | undefined }) {
  const t = useTranslations('launch.people');
  return (
    <span className={styles.holder} title={id}>
      {person?.name ?? id}
      {person?.automation ? <Badge>{t('automation')}</Badge> : null}
      {person && person.key === null && !person.automation ? <Badge tone="held">{t('noKey')}</Badge> : null}
    </span>
  );
}
