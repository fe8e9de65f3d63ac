import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import type { Demo } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { Badge } from '../../kit/status.tsx';
import { becomePerson } from '../../shell/become-person.ts';
import styles from './demo.module.css';

/** The people of the demo, and which of them sits before this browser. */
export function People({ people, person }: { people: Demo['people']; person: string | null }) {
  const t = useTranslations('demo');
  const change = useMutation({ mutationFn: becomePerson, onSuccess: () => location.reload() });
  return (
    <>
      {person === null ? <p>{t('nobody')}</p> : null}
      <ul className={styles.people}>
        {people.map((each) => (
          <li key={each.person}>
            <span className={styles.name}>{each.name}</span>
            <span className={styles.who}>{each.roles.join(', ')}</span>
            {each.person === person ? (
              <Badge tone="pass">{t('you')}</Badge>
            ) : (
              <Button
                look="quiet"
                isPending={change.isPending && change.variables === each.person}
                onPress={() => change.mutate(each.person)}
              >
                {t('be', { name: each.name })}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
