import { useTranslations } from 'use-intl/react';

import type { Shift } from '../../api/client.generated.ts';
import { Icon } from '../../kit/icon.tsx';
import { joinClasses } from '../../kit/join-classes.ts';
import { isOver } from './looks.ts';
import styles from './rollouts.module.css';

/** The phases of a shift from the first to 100 %: which are over, and where it stands. */
export function PhaseStrip({ shift }: { shift: Shift }) {
  const t = useTranslations('rollouts.shift');
  return (
    <ol className={styles.strip} aria-label={t('phaseStrip')}>
      {shift.declared.phases.map(({ id, weight }, place) => {
        const report = shift.reports.find(({ phase }) => phase === id);
        const isLast = report === undefined && place === shift.phaseIndex;
        const isHere = isLast && !isOver(shift);
        // Left for 0 %: there may be a report of what it saw, and it is no phase that was passed.
        const wasLeft = report?.ended === 'left' || (isLast && isOver(shift));
        return (
          <li
            key={id}
            className={joinClasses(
              styles.phase,
              report && !wasLeft && styles.over,
              isHere && styles.here,
              wasLeft && styles.wasLeft,
            )}
            aria-current={isHere ? 'step' : undefined}
          >
            <span className={styles.weight}>{weight} %</span>
            <span className={styles.phaseName}>
              {report === undefined && !wasLeft ? null : (
                <Icon name={report === undefined || report.ended === 'left' ? 'undo' : 'check'} />
              )}
              {report === undefined
                ? t(wasLeft ? 'left' : isHere ? 'current' : 'ahead')
                : t(report.ended, { person: report.by ?? '' })}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
