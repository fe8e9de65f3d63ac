import { useTranslations } from 'use-intl/react';

import type { Demo } from '../../api/client.generated.ts';
import { Status } from '../../kit/status.tsx';
import styles from './demo.module.css';

/** What was done to the shop, with what the programs said of themselves. It proves nothing: see what the checks saw. */
export function Deeds({ deeds }: { deeds: Demo['deeds'] }) {
  const t = useTranslations('demo');
  return (
    <ol className={styles.deeds}>
      {deeds.map((deed, index) => (
        <li key={index}>
          <Status of={deed.exit === 0 ? 'info' : 'failed'}>{t('failed', { exit: deed.exit })}</Status>
          <div>
            <code>{deed.command}</code>
            <p>{deed.output}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
