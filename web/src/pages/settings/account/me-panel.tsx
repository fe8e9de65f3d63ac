import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listOwnRights } from '../../../api/client.generated.ts';
import type { Identity, OwnRights } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Badge } from '../../../kit/status.tsx';
import { Time } from '../../../kit/time.tsx';
import styles from '../settings.module.css';

/** Who the caller is, and what to which launch. */
export function MePanel({ identity }: { identity: Identity }) {
  const t = useTranslations('settings.me');
  const { name, email, person, strongAt } = identity;
  const items = [
    { name: t('name'), value: name },
    { name: t('email'), value: email },
    { name: t('person'), value: person ?? t('nobody') },
    { name: t('rights'), value: <Rights /> },
    { name: t('strong'), value: strongAt === null ? t('never') : <Time at={strongAt} /> },
  ];
  return (
    <Panel title={t('title')}>
      <KeyValues items={items} />
    </Panel>
  );
}

function Rights() {
  const t = useTranslations('settings.me');
  const query = useQuery({ queryKey: ['me', 'rights'], queryFn: ({ signal }) => listOwnRights({ signal }) });
  return (
    <Answer query={query} rows={1}>
      {({ items }) => (items.length === 0 ? t('noRights') : <RightsList items={items} />)}
    </Answer>
  );
}

function RightsList({ items }: { items: readonly OwnRights[] }) {
  return (
    <ul className={styles.list}>
      {items.map(({ launch, environment, roles }) => (
        <li key={`${launch} ${environment}`} className={styles.right}>
          <span className={styles.muted}>
            {launch}, {environment}
          </span>
          {roles.map((role) => (
            <Badge key={role}>{role}</Badge>
          ))}
        </li>
      ))}
    </ul>
  );
}
