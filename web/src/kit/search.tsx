import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslations } from 'use-intl/react';

import styles from './field.module.css';
import { Icon } from './icon.tsx';

/** A field that narrows down what is below it; Escape empties it. */
export function Search({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useTranslations('kit');
  return (
    <SearchField aria-label={label} value={value} onChange={onChange} className={styles.search ?? ''}>
      <Icon name="search" className={styles.searchIcon} />
      <Input className={styles.input ?? ''} placeholder={label} />
      <Button className={styles.clear ?? ''} aria-label={t('clear')}>
        <Icon name="close" />
      </Button>
    </SearchField>
  );
}
