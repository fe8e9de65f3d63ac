import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Search } from '../../../kit/search.tsx';
import styles from './step-log.module.css';
import { toLines } from './to-lines.ts';
import { useStepLog } from './use-step-log.ts';
import type { Log } from './use-step-log.ts';

/** Lines that are drawn; of a longer log the newest, which is said. */
const mostLines = 2_000;

/** What a step says while it says it: searchable, and followed to its end unless somebody scrolls away. */
export function StepLog({ run, step, isRunning }: { run: Run; step: string; isRunning: boolean }) {
  const t = useTranslations('runbook.log');
  const query = useStepLog(run.id, step, isRunning);
  return (
    <section className={styles.log} aria-label={t('title')}>
      <Answer query={query}>{(log) => <Lines log={log} isRunning={isRunning} />}</Answer>
    </section>
  );
}

function Lines({ log, isRunning }: { log: Log; isRunning: boolean }) {
  const t = useTranslations('runbook.log');
  const [text, setText] = useState('');
  const [isFollowing, setIsFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => toLines(log.parts), [log.parts]);
  const found = useMemo(() => {
    const word = text.trim().toLowerCase();
    return word === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(word));
  }, [lines, text]);
  const shown = found.slice(-mostLines);
  useEffect(() => {
    if (isFollowing) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [isFollowing, found]);
  const onScroll = (): void => {
    const { current } = box;
    if (current) setIsFollowing(current.scrollHeight - current.scrollTop - current.clientHeight < 8);
  };
  return (
    <>
      <div className={styles.tools}>
        <h3>{t('title')}</h3>
        <Search label={t('search')} value={text} onChange={setText} />
        <Checkbox isSelected={isFollowing} onChange={setIsFollowing}>
          {t('follow')}
        </Checkbox>
      </div>
      {log.isCut || shown.length < found.length ? (
        <p className={styles.cut}>{t('cut', { count: shown.length })}</p>
      ) : null}
      {shown.length === 0 ? (
        <EmptyState title={text === '' ? t(isRunning ? 'nothingYet' : 'nothing') : t('notFound')} />
      ) : (
        // Reached by Tab, so that it can be scrolled without a pointer.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div
          ref={box}
          className={styles.lines}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={t('title')}
          onScroll={onScroll}
        >
          {shown.map((line) => (
            <div key={line.key} className={styles.lineOf} data-stream={line.stream}>
              {line.text === '' ? '\u00A0' : line.text}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
