import { useTranslations } from 'use-intl/react';

import type { Blocker, Run } from '../../api/client.generated.ts';
import { Duration } from '../../kit/duration.tsx';
import { Icon } from '../../kit/icon.tsx';
import type { IconName } from '../../kit/icon.tsx';
import { Panel } from '../../kit/panel.tsx';
import { useRunNow } from './run-clock.ts';
import { useTellLimit } from './use-tell-limit.ts';
import styles from './waits.module.css';

const icons: { [kind: string]: IconName } = {
  approval: 'key',
  start: 'go',
  hold: 'held',
  count: 'held',
  time: 'clock',
  needs: 'waiting',
  person: 'user',
  worker: 'queue',
  failure: 'crossCircle',
  unknown: 'unknown',
  stopping: 'dash',
};

const tones: { [kind: string]: string } = { failure: 'fail', unknown: 'unknown', hold: 'held', count: 'held' };

/** What follows by itself from what stands before it: named by its number only. */
const quiet = new Set(['needs', 'time']);

/** What the run waits for now: why, what unblocks it, who can, until when, and what happens then. */
export function Waits({ run, me, onOpen }: { run: Run; me: string | null; onOpen: (step: string) => void }) {
  const t = useTranslations('runbook.waits');
  const isMine = ({ people }: Blocker): boolean => me !== null && people.includes(me);
  const loud = run.blockers
    .filter(({ kind }) => !quiet.has(kind))
    .toSorted((a, b) => Number(isMine(b)) - Number(isMine(a)));
  const next = run.blockers.filter(({ kind, untilMs }) => kind === 'time' && untilMs !== null).toSorted(soonest)[0];
  const shown = loud.length > 0 ? loud : next ? [next] : [];
  const rest = run.blockers.length - shown.length;
  if (run.endedAtMs !== null) return null;
  return (
    <Panel title={t('title')} aside={rest > 0 ? t('rest', { count: rest }) : undefined} flush>
      {shown.length === 0 ? (
        <p className={styles.none}>
          {run.progress.running > 0 ? t('working', { count: run.progress.running }) : t('none')}
        </p>
      ) : (
        <ul className={styles.waits}>
          {shown.slice(0, 8).map((blocker) => (
            <Wait key={`${blocker.kind} ${blocker.step ?? ''} ${blocker.why}`} {...{ blocker, run, me, onOpen }} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function soonest(a: Blocker, b: Blocker): number {
  return (a.untilMs ?? 0) - (b.untilMs ?? 0);
}

function Wait({
  blocker,
  run,
  me,
  onOpen,
}: {
  blocker: Blocker;
  run: Run;
  me: string | null;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook.waits');
  const { step, kind, why, unblockedBy, people, untilMs, onLimit } = blocker;
  const title = run.steps.find(({ id }) => id === step)?.title;
  const isMine = me !== null && people.includes(me);
  return (
    <li className={styles.wait} data-tone={tones[kind]} data-mine={isMine || undefined}>
      <Icon name={icons[kind] ?? 'waiting'} className={styles.icon} />
      <div className={styles.words}>
        {step === null ? null : (
          <button type="button" className={styles.step} onClick={() => onOpen(step)}>
            {title ?? step}
          </button>
        )}
        <span className={styles.why}>{why}</span>
        {unblockedBy.length === 0 && people.length === 0 ? null : (
          <span className={styles.who}>
            {unblockedBy
              .map((deed) => (t.has(`by.${deed}` as 'by.confirm') ? t(`by.${deed}` as 'by.confirm') : deed))
              .join(t('or'))}
            {people.length === 0 ? null : (
              <>
                {' · '}
                {isMine ? (
                  <strong>{t('you', { others: people.filter((one) => one !== me).join(', ') || 'none' })}</strong>
                ) : (
                  people.join(', ')
                )}
              </>
            )}
          </span>
        )}
      </div>
      {untilMs === null ? null : <Until run={run} atMs={untilMs} onLimit={onLimit} />}
    </li>
  );
}

function Until({ run, atMs, onLimit }: { run: Run; atMs: number; onLimit: string | null }) {
  const t = useTranslations('runbook.waits');
  const tellLimit = useTellLimit();
  const left = atMs - useRunNow(run);
  return (
    <div className={styles.until}>
      <span>
        {left > 0 ? t('left') : t('since')} <Duration ms={Math.abs(left)} />
      </span>
      {onLimit === null ? null : <span className={styles.limit}>{t('afterwards', { what: tellLimit(onLimit) })}</span>}
    </div>
  );
}
