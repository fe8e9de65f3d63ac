import { useTranslations } from 'use-intl/react';

import { Button } from '../../../kit/button.tsx';
import { IconButton } from '../../../kit/icon-button.tsx';
import styles from './timeline.module.css';
import { zoomStep } from './use-zoom.ts';

const kinds = ['planned', 'actual', 'ghost', 'hold'] as const;

/** What the bars mean, and how near one looks. */
export function Legend({ zoom, onZoom, onNow }: { zoom: number; onZoom: (factor: number) => void; onNow: () => void }) {
  const t = useTranslations('runbook.timeline');
  return (
    <div className={styles.legend}>
      {kinds.map((kind) => (
        <span key={kind} className={styles.kind}>
          <svg width="18" height="10" aria-hidden="true">
            <rect
              className={styles[`${kind}Sample`]}
              x="0"
              y={kind === 'hold' ? 0 : 2}
              width="18"
              height={kind === 'hold' ? 10 : 6}
            />
          </svg>
          {t(`legend.${kind}`)}
        </span>
      ))}
      <span className={styles.zoom}>
        <Button look="quiet" onPress={onNow}>
          {t('toNow')}
        </Button>
        <Button look="quiet" onPress={() => onZoom(0)} isDisabled={zoom === 1}>
          {t('fit')}
        </Button>
        <IconButton icon="dash" label={t('zoomOut')} onPress={() => onZoom(1 / zoomStep)} isDisabled={zoom <= 1} />
        <IconButton icon="plus" label={t('zoomIn')} onPress={() => onZoom(zoomStep)} />
      </span>
    </div>
  );
}
