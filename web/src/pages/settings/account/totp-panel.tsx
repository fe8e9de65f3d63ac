import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { dropTotp } from '../../../api/auth.ts';
import type { Identity } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { Row } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import { showToast } from '../../../kit/toast.tsx';
import styles from '../settings.module.css';
import { PasswordDialog } from './password-dialog.tsx';
import { RenewCodes } from './renew-codes.tsx';
import { SetUpTotp } from './set-up-totp.tsx';

type Open = 'begin' | 'drop' | 'renew' | null;

/** The authenticator of the account: set up, taken away, and its recovery codes. */
export function TotpPanel({ identity }: { identity: Identity }) {
  const t = useTranslations('settings.totp');
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const { totp } = identity.factors;
  const drop = async (password: string): Promise<void> => {
    await dropTotp(password);
    await queryClient.invalidateQueries({ queryKey: ['me'] });
    showToast('pass', t('dropped'));
  };
  return (
    <Panel title={t('title')} aside={<Status of={totp ? 'pass' : 'missing'}>{t(totp ? 'on' : 'off')}</Status>}>
      <div className={styles.part}>
        <p className={styles.why}>{t('why')}</p>
        {totp ? (
          <Row>
            <Button onPress={() => setOpen('renew')}>{t('renew')}</Button>
            <Button onPress={() => setOpen('drop')}>{t('drop')}</Button>
          </Row>
        ) : (
          <Button icon="plus" onPress={() => setOpen('begin')}>
            {t('begin')}
          </Button>
        )}
      </div>
      {open === 'begin' ? <SetUpTotp onClose={close} /> : null}
      {open === 'renew' ? <RenewCodes onClose={close} /> : null}
      {open === 'drop' ? (
        <PasswordDialog
          title={t('dropTitle')}
          why={t('dropWhy')}
          verb={t('drop')}
          isDangerous
          onClose={close}
          deed={drop}
        />
      ) : null}
    </Panel>
  );
}
