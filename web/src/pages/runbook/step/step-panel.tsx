import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readStep } from '../../../api/client.generated.ts';
import type { Run, StepPage } from '../../../api/client.generated.ts';
import { useLive } from '../../../api/live.tsx';
import { Answer } from '../../../kit/answer.tsx';
import { Effects } from '../../../dry-run/effects.tsx';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { Disclosure } from '../../../kit/disclosure.tsx';
import { IconButton } from '../../../kit/icon-button.tsx';
import { Markdown } from '../../../kit/markdown.tsx';
import { Badge, Status } from '../../../kit/status.tsx';
import type { BoardStep } from '../board.ts';
import { stepLooks } from '../step-look.ts';
import { toOffsetText } from '../timeline/offset-text.ts';
import { runKey } from '../use-run.ts';
import { StepDeeds } from './step-deeds.tsx';
import { StepEvents } from './step-events.tsx';
import { StepEvidence } from './step-evidence.tsx';
import { StepFacts } from './step-facts.tsx';
import { StepLog } from './step-log.tsx';
import styles from './step-panel.module.css';
import { toPictureAddress } from './to-picture-address.ts';
import { toReadable } from './to-readable.ts';

/** Everything about one step: what the document says, what it does, what happened, and what can be done about it. */
export function StepPanel({
  run,
  step,
  me,
  onClose,
}: {
  run: Run;
  step: BoardStep;
  me: string | null;
  onClose: () => void;
}) {
  const t = useTranslations('runbook');
  const queryKey = [...runKey(run.id), 'steps', step.id];
  useLive({ run: run.id, types: ['step', 'execution'] }, queryKey);
  const query = useQuery({ queryKey, queryFn: ({ signal }) => readStep({ run: run.id, step: step.id }, { signal }) });
  const own = run.steps.find(({ id }) => id === step.id);
  return (
    <section className={styles.panel} aria-label={t('step.label', { title: step.title })}>
      <header className={styles.header}>
        <div className={styles.words}>
          <h2>{step.title}</h2>
          <p className={styles.line}>
            <Status of={stepLooks[step.state].status}>{t(`stepState.${step.state}`)}</Status>
            {step.offsetMs === null ? null : <span>{toOffsetText(step.offsetMs)}</span>}
            {step.attempt > 1 ? <Badge>{t('step.attempt', { attempt: step.attempt })}</Badge> : null}
            {step.isCritical ? <Badge tone="held">{t('graph.critical')}</Badge> : null}
            <code>{step.id}</code>
          </p>
        </div>
        <IconButton icon="close" label={t('step.close')} onPress={onClose} />
      </header>
      <div className={styles.body}>
        {own === undefined ? null : <StepDeeds run={run} step={own} me={me} />}
        <Answer query={query}>{(page) => <About run={run} page={page} />}</Answer>
      </div>
    </section>
  );
}

function About({ run, page }: { run: Run; page: StepPage }) {
  const t = useTranslations('runbook.step');
  const { source, action, probe, effects, step } = page;
  const hasLog = step.kind !== null || (step.run?.attempt ?? 0) > 0;
  return (
    <>
      {source === null ? null : (
        <div className={styles.text}>
          <Markdown
            text={toReadable(source.markdown)}
            imageAddress={(url) => toPictureAddress({ launch: page.launch, document: source.at.file, url })}
          />
        </div>
      )}
      <StepFacts step={step} source={source?.at ?? null} />
      <Disclosure title={t('effects')} aside={effects.length} isOpenAtFirst={effects.length <= 4}>
        <Effects effects={effects} />
        {action === null ? null : <CodeBlock text={action.text} label={t('action', { kind: action.kind })} />}
        {probe === null ? null : (
          <>
            <p className={styles.line}>{t('probe')}</p>
            <CodeBlock text={probe.text} label={t('action', { kind: probe.kind })} />
          </>
        )}
      </Disclosure>
      {hasLog ? <StepLog run={run} step={step.id} isRunning={isRunning(page)} /> : null}
      <StepEvidence run={run} page={page} />
      <Disclosure title={t('events')}>
        <StepEvents run={run} step={step.id} />
      </Disclosure>
    </>
  );
}

function isRunning({ step }: StepPage): boolean {
  return step.run !== null && ['running', 'verifying', 'ready'].includes(step.run.state);
}
