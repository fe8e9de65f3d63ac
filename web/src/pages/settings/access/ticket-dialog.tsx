import { useTranslations } from 'use-intl/react';

import type { Ticket } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { KeyValues } from '../../../kit/key-values.tsx';
import { Time } from '../../../kit/time.tsx';
import styles from '../settings.module.css';

/** A code that somebody is to be handed, shown once. */
export function TicketDialog({ name, ticket, onClose }: { name: string; ticket: Ticket; onClose: () => void }) {
  const t = useTranslations('settings');
  const footer = (
    <Button look="primary" onPress={onClose}>
      {t('people.done')}
    </Button>
  );
  return (
    <Dialog title={t('people.code', { name })} isOpen onClose={onClose} footer={footer}>
      <div className={styles.form}>
        <p>{t('once')}</p>
        <CodeBlock label={t('people.link')} text={ticket.link} />
        <CodeBlock label={t('people.codeIs')} text={ticket.code} />
        <KeyValues items={[{ name: t('people.until'), value: <Time at={ticket.expiresAt} /> }]} />
        <p className={styles.why}>{t('people.handOver')}</p>
      </div>
    </Dialog>
  );
}
