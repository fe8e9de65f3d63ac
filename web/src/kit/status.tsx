import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';
import { joinClasses } from './join-classes.ts';
import styles from './status.module.css';

type Tone = 'pass' | 'fail' | 'unknown' | 'waiting' | 'held' | 'running' | 'idle';

/** Every state that something can be in, with its meaning's colour and its icon. */
const looks = {
  pass: { tone: 'pass', icon: 'checkCircle' },
  fail: { tone: 'fail', icon: 'crossCircle' },
  unknown: { tone: 'unknown', icon: 'unknown' },
  go: { tone: 'pass', icon: 'go' },
  goWithConditions: { tone: 'held', icon: 'go' },
  noGo: { tone: 'fail', icon: 'crossCircle' },
  waiting: { tone: 'waiting', icon: 'waiting' },
  ready: { tone: 'waiting', icon: 'clock' },
  running: { tone: 'running', icon: 'running' },
  undoing: { tone: 'held', icon: 'undo' },
  undone: { tone: 'idle', icon: 'undo' },
  held: { tone: 'held', icon: 'held' },
  done: { tone: 'pass', icon: 'check' },
  failed: { tone: 'fail', icon: 'crossCircle' },
  stopped: { tone: 'fail', icon: 'crossCircle' },
  cancelled: { tone: 'idle', icon: 'dash' },
  skipped: { tone: 'idle', icon: 'skipped' },
  planned: { tone: 'idle', icon: 'clock' },
  open: { tone: 'waiting', icon: 'clock' },
  overdue: { tone: 'fail', icon: 'clock' },
  stale: { tone: 'unknown', icon: 'stale' },
  missing: { tone: 'unknown', icon: 'unknown' },
  waived: { tone: 'held', icon: 'dash' },
  condition: { tone: 'held', icon: 'clock' },
  met: { tone: 'pass', icon: 'checkCircle' },
  superseded: { tone: 'idle', icon: 'stale' },
  dead: { tone: 'fail', icon: 'warning' },
  error: { tone: 'fail', icon: 'crossCircle' },
  warning: { tone: 'held', icon: 'warning' },
  info: { tone: 'waiting', icon: 'info' },
} as const satisfies Record<string, { tone: Tone; icon: IconName }>;

/** Names of the states that can be shown. */
export type StatusName = keyof typeof looks;

/** True for the name of a state that can be shown; whatever else an API says is shown as `unknown`. */
export function isStatusName(name: string): name is StatusName {
  return Object.hasOwn(looks, name);
}

/** A state as icon and word. `children` takes the place of the word where a page knows a better one. */
export function Status({ of, children }: { of: StatusName; children?: ReactNode }) {
  const t = useTranslations('kit.status');
  const { icon, tone } = looks[of];
  return (
    <span className={joinClasses(styles.status, children !== undefined && styles.told, styles[tone])} data-status={of}>
      <Icon name={icon} className={of === 'running' ? styles.spin : undefined} />
      <span>{children ?? t(of)}</span>
    </span>
  );
}

/** A short word in a frame: a count, an environment, a kind. With a `tone` only where the colour means something. */
export function Badge({ tone, children }: { tone?: Tone; children: ReactNode }) {
  return <span className={joinClasses(styles.badge, tone && styles[tone])}>{children}</span>;
}
