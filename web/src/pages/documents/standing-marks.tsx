import { Link } from '@tanstack/react-router';

import type { ReadingNode } from '../../api/client.generated.ts';
import { Status, isStatusName } from '../../kit/status.tsx';
import styles from './documents.module.css';
import { useReading } from './reading-context.ts';

/** How a criterion or step stands, behind its words. */
export function StandingMarks({ node }: { node: ReadingNode }) {
  const { launch, marks } = useReading();
  const own = marks.get(node) ?? [];
  return own.map(({ state, note, run, line }) => {
    const status = <Status of={isStatusName(state) ? state : 'unknown'}>{state.replaceAll('_', ' ')}</Status>;
    return (
      <span key={`${line} ${note}`} className={styles.mark} title={note}>
        {run === null ? (
          status
        ) : (
          <Link to="/launches/$launch/runs/$run" params={{ launch, run }}>
            {status}
          </Link>
        )}
      </span>
    );
  });
}
