import { Handle, Position } from '@xyflow/react';
import { useTranslations } from 'use-intl/react';

import { joinClasses } from '../../../kit/join-classes.ts';
import { Status } from '../../../kit/status.tsx';
import type { BoardStep } from '../board.ts';
import { stepLooks } from '../step-look.ts';
import styles from './graph.module.css';

/** A step in the graph: its name and its state; a press opens it. */
export function StepBox({
  data: { step, isDown, isSelected, onOpen },
}: {
  data: { step: BoardStep; isDown: boolean; isSelected: boolean; onOpen: (step: string) => void };
}) {
  const t = useTranslations('runbook');
  return (
    <>
      <Handle
        type="target"
        position={isDown ? Position.Top : Position.Left}
        isConnectable={false}
        className={styles.handle ?? ''}
      />
      <button
        type="button"
        className={joinClasses(
          styles.box,
          step.isCritical && styles.critical,
          isSelected && styles.selected,
          'nodrag',
          'nopan',
        )}
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => onOpen(step.id)}
      >
        <span className={styles.title}>{step.title}</span>
        <Status of={stepLooks[step.state].status}>{t(`stepState.${step.state}`)}</Status>
      </button>
      <Handle
        type="source"
        position={isDown ? Position.Bottom : Position.Right}
        isConnectable={false}
        className={styles.handle ?? ''}
      />
    </>
  );
}
