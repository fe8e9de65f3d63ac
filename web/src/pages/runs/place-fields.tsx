import { useTranslations } from 'use-intl/react';
import type { ReactNode } from 'react';

import type { Launch } from '../../api/client.generated.ts';
import { Select } from '../../kit/select.tsx';
import styles from './runs.module.css';
import { toOrderable } from './to-orderable.ts';
import type { Wish } from './use-plan.ts';

/** Which procedure, and where. */
export function PlaceFields({
  launch,
  places,
  wish,
  onChange,
  children,
}: {
  launch: Launch;
  places: Launch['environments'];
  wish: Wish;
  onChange: (wish: Wish) => void;
  children?: ReactNode;
}) {
  const t = useTranslations('runs.order');
  return (
    <div className={styles.choices}>
      <Select
        label={t('procedure')}
        options={toOrderable(launch).map(({ id, title }) => ({ id, name: title }))}
        value={wish.procedure}
        onChange={(procedure) => onChange({ ...wish, procedure })}
      />
      <Select
        label={t('environment')}
        options={places.map(({ id }) => ({ id, name: id }))}
        value={wish.environment}
        onChange={(environment) => onChange({ ...wish, environment })}
      />
      {children}
    </div>
  );
}
