import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readAuditFor } from '../../api/client.generated.ts';
import type { AuditLine } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Button } from '../../kit/button.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Time } from '../../kit/time.tsx';
import { AuditOutcome } from './audit-outcome.tsx';
import styles from './audit.module.css';
import { OpenLinks } from './open-link.tsx';
import { toSubjectWords } from './subject-words.ts';

/** One row whole, where it leads, and everything else that is known about the same thing. */
export function AuditDetail({ line, onClose }: { line: AuditLine; onClose: () => void }) {
  const t = useTranslations('audit');
  return (
    <Stack>
      <Panel title={t('detail')} actions={<Button onPress={onClose}>{t('close')}</Button>}>
        <Stack>
          <KeyValues items={useFacts(line)} />
          <Row>
            <OpenLinks line={line} />
          </Row>
        </Stack>
      </Panel>
      {line.subjects[0] === undefined ? null : <History line={line} subject={line.subjects[0]} />}
    </Stack>
  );
}

function useFacts(line: AuditLine) {
  const t = useTranslations('audit');
  const { at, person, what, outcome, subjects, launch, environment, run, reason, kind } = line;
  const rest = [
    { name: t('launch'), value: launch },
    { name: t('environment'), value: environment },
    { name: t('run'), value: run },
    { name: t('reason'), value: reason },
  ];
  return [
    { name: t('when'), value: <Time at={at} /> },
    { name: t('who'), value: person ?? t('nobody') },
    { name: t('what'), value: what },
    ...(outcome === null ? [] : [{ name: t('outcome'), value: <AuditOutcome outcome={outcome} /> }]),
    { name: t('about'), value: subjects.map((one) => toSubjectWords(one, t)).join(', ') },
    ...rest.filter(({ value }) => value !== null && value !== ''),
    { name: t('source'), value: t(`kinds.${kind}`) },
  ];
}

function History({ line, subject }: { line: AuditLine; subject: AuditLine['subjects'][number] }) {
  const t = useTranslations('audit');
  const asked = `${subject.kind}:${subject.id}`;
  const { launch } = line;
  const query = useQuery({
    queryKey: ['audit', 'for', launch, asked],
    queryFn: ({ signal }) =>
      readAuditFor({ subject: asked, limit: 50, ...(launch === null ? {} : { launch }) }, { signal }),
  });
  return (
    <Panel title={t('history', { subject: toSubjectWords(subject, t) })}>
      <Answer query={query}>
        {({ items }) => (
          <ul className={styles.history}>
            {items.map((one) => (
              <li key={one.id}>
                <Time at={one.at} short />
                <span>
                  <strong>{one.person ?? t('nobody')}</strong> {one.what} <AuditOutcome outcome={one.outcome} />
                </span>
                {one.reason === '' ? null : <span className={styles.muted}>{one.reason}</span>}
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
