import type { IconName } from '../../kit/icon.tsx';
import type { StatusName } from '../../kit/status.tsx';
import type { StepState } from './board.ts';

/** How each state of a step is shown: the same everywhere on the page. */
export const stepLooks = {
  pending: { status: 'planned', icon: 'clock', tone: 'idle' },
  ready: { status: 'ready', icon: 'clock', tone: 'waiting' },
  running: { status: 'running', icon: 'running', tone: 'running' },
  verifying: { status: 'running', icon: 'search', tone: 'running' },
  waiting_human: { status: 'waiting', icon: 'user', tone: 'waiting' },
  waiting: { status: 'waiting', icon: 'waiting', tone: 'waiting' },
  done: { status: 'done', icon: 'check', tone: 'pass' },
  skipped: { status: 'skipped', icon: 'skipped', tone: 'idle' },
  failed: { status: 'failed', icon: 'crossCircle', tone: 'fail' },
  timed_out: { status: 'failed', icon: 'clock', tone: 'fail' },
  cancelled: { status: 'cancelled', icon: 'dash', tone: 'idle' },
  unknown: { status: 'unknown', icon: 'unknown', tone: 'unknown' },
} as const satisfies { [State in StepState]: { status: StatusName; icon: IconName; tone: string } };
