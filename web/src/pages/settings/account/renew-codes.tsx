import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { renewRecoveryCodes } from '../../../api/auth.ts';
import { Button } from '../../../kit/button.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Makes new recovery codes, and shows them once. */
export function RenewCodes({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.totp');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes !== null)
    return (
      <Dialog
        title={t('recovery')}
        isOpen
        onClose={onClose}
        footer={
          <Button look="primary" onPress={onClose}>
            {t('saved')}
          </Button>
        }
      >
        <RecoveryCodes codes={codes} />
      </Dialog>
    );
  const renew = async (password: string): Promise<void> => {
    setCodes(await renewRecoveryCodes(password));
  };
  return (
    <PasswordDialog
      title={t('renewTitle')}
      why={t('renewWhy')}
      verb={t('renew')}
      onClose={onClose}
      onDone={() => undefined}
      deed={renew}
    />
  );
}
