import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { inviteAccount } from '../../../api/client.generated.ts';
import type { Ticket } from '../../../api/client.generated.ts';
import { TextField } from '../../../kit/text-field.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';
import { PickPerson } from './pick-person.tsx';
import { TicketDialog } from './ticket-dialog.tsx';

/** Makes an account for somebody, and shows once the code with which they choose a password. */
export function Invite({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.people');
  const queryClient = useQueryClient();
  const [wish, setWish] = useState<{ name: string; email: string; person: string | null }>({
    name: '',
    email: '',
    person: null,
  });
  const [ticket, setTicket] = useState<Ticket | null>(null);
  if (ticket !== null) return <TicketDialog name={wish.name} ticket={ticket} onClose={onClose} />;
  const invite = async (): Promise<void> => {
    setTicket(await inviteAccount({ body: { ...wish, name: wish.name.trim(), email: wish.email.trim() } }));
    await queryClient.invalidateQueries({ queryKey: ['accounts'] });
  };
  return (
    <DeedDialog
      title={t('invite')}
      verb={t('inviteVerb')}
      isReady={wish.name.trim() !== '' && wish.email.trim() !== ''}
      onClose={onClose}
      onDone={() => undefined}
      deed={invite}
    >
      <TextField
        label={t('inviteName')}
        value={wish.name}
        onChange={(name) => setWish({ ...wish, name })}
        autoComplete="off"
        isRequired
        autoFocus
      />
      <TextField
        label={t('inviteEmail')}
        type="email"
        value={wish.email}
        onChange={(email) => setWish({ ...wish, email })}
        autoComplete="off"
        isRequired
      />
      <PickPerson value={wish.person} onChange={(person) => setWish({ ...wish, person })} />
      <p className={styles.why}>{t('personHelp')}</p>
    </DeedDialog>
  );
}
