import { useTranslations } from 'use-intl/react';

import { Page as PageFrame } from '../../kit/page.tsx';
import { LettersPanel } from './letters-panel.tsx';
import { QueuesPanel } from './queues-panel.tsx';
import { WorkersPanel } from './workers-panel.tsx';

export { messages } from './messages.ts';

/** What waits, what nobody could carry out, and who carries things out. */
export function Page() {
  const t = useTranslations('queue');
  return (
    <PageFrame title={t('title')}>
      <LettersPanel />
      <QueuesPanel />
      <WorkersPanel />
    </PageFrame>
  );
}
