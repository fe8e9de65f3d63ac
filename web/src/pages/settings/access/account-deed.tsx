import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { dropAccountFactors, resetAccount, setAccountPerson, setAccountState } from '../../../api/client.generated.ts';
import type { Account, Ticket } from '../../../api/client.generated.ts';
import { DeedDialog } from '../deed-dialog.tsx';
import { PickPerson } from './pick-person.tsx';
import { TicketDialog } from './ticket-dialog.tsx';

/** What can be done with the account of somebody else. */
export type AccountDeedName = 'setPerson' | 'reset' | 'disable' | 'enable' | 'drop';

/** Asks before something is done with an account, and names the version that was seen. */
export function AccountDeed({
  account,
  deed,
  onClose,
}: {
  account: Account;
  deed: AccountDeedName;
  onClose: () => void;
}) {
  const t = useTranslations('settings.people');
  const queryClient = useQueryClient();
  const [person, setPerson] = useState(account.person);
  const [ticket, setTicket] = useState<Ticket | null>(null);
  const { id, name, version } = account;
  if (ticket !== null) return <TicketDialog name={name} ticket={ticket} onClose={onClose} />;
  const deeds: { readonly [each in AccountDeedName]: () => Promise<unknown> } = {
    setPerson: () => setAccountPerson({ account: id, body: { person, expectedVersion: version } }),
    reset: async () => setTicket(await resetAccount({ account: id })),
    disable: () => setAccountState({ account: id, body: { disabled: true, expectedVersion: version } }),
    enable: () => setAccountState({ account: id, body: { disabled: false, expectedVersion: version } }),
    drop: () => dropAccountFactors({ account: id }, { ifMatch: version }),
  };
  const carryOut = async (): Promise<void> => {
    await deeds[deed]();
    await queryClient.invalidateQueries({ queryKey: ['accounts'] });
  };
  const verb = deed === 'setPerson' ? t('setPersonVerb') : deed === 'reset' ? t('resetVerb') : t(deed);
  return (
    <DeedDialog
      title={t(`${deed}Title`, { name })}
      verb={verb}
      isDangerous={deed === 'disable' || deed === 'drop'}
      isReady={deed !== 'setPerson' || person !== account.person}
      onClose={onClose}
      onDone={deed === 'reset' ? () => undefined : onClose}
      deed={carryOut}
    >
      <p>{t(`${deed}Why`)}</p>
      {deed === 'setPerson' ? <PickPerson value={person} onChange={setPerson} /> : null}
    </DeedDialog>
  );
}
