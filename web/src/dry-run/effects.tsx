import { useTranslations } from 'use-intl/react';

import type { Effect } from '../api/client.generated.ts';
import { Badge } from '../kit/status.tsx';
import styles from './dry-run.module.css';

const tones = { read: undefined, write: 'held', delete: 'fail', send: 'held', unknown: 'unknown' } as const;

/** What a step does to the world, as its dry run told: to what, and in words. */
export function Effects({ effects }: { effects: readonly Effect[] }) {
  const t = useTranslations('shared.dryRun');
  if (effects.length === 0) return <p className={styles.muted}>{t('none')}</p>;
  return (
    <ul className={styles.effects}>
      {effects.map(({ does, target, text }) => {
        const tone = tones[does];
        return (
          <li key={`${does} ${target} ${text}`}>
            <Badge {...(tone === undefined ? {} : { tone })}>{t(`does.${does}`)}</Badge>
            <span>
              <strong>{target}</strong> {text}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
