import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../../api/api-error.ts';
import { beginTotp, showCode } from '../../../api/auth.ts';
import type { TotpSetup } from '../../../api/auth.ts';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { TextField } from '../../../kit/text-field.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';
import { PasswordDialog } from './password-dialog.tsx';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Sets an authenticator up: password, QR code and recovery codes, first code. It counts only from its first right code on. */
export function SetUpTotp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.totp');
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  if (setup !== null) return <ConfirmTotp setup={setup} onClose={onClose} />;
  return (
    <PasswordDialog
      title={t('begin')}
      why={t('why')}
      verb={t('begin')}
      onClose={onClose}
      onDone={() => undefined}
      deed={async (password) => setSetup(await beginTotp(password))}
    />
  );
}

function ConfirmTotp({ setup, onClose }: { setup: TotpSetup; onClose: () => void }) {
  const t = useTranslations('settings.totp');
  const queryClient = useQueryClient();
  const [code, setCode] = useState('');
  const plain = code.replaceAll(' ', '');
  const secret = new URL(setup.totpURI).searchParams.get('secret') ?? '';
  const confirm = async (): Promise<void> => {
    await showCode(plain);
    await queryClient.invalidateQueries({ queryKey: ['me'] });
    showToast('pass', t('confirmed'));
  };
  return (
    <DeedDialog
      title={t('begin')}
      verb={t('confirm')}
      isReady={/^\d{6}$/u.test(plain)}
      onClose={onClose}
      deed={confirm}
      explain={(error) => (isProblem(error, 'sign_in_refused') ? t('refused') : null)}
    >
      <p>{t('scan')}</p>
      <QrCode text={setup.totpURI} label={t('qr')} />
      <p className={styles.why}>{t('secret')}</p>
      <CodeBlock label={t('secret')} text={secret} />
      <RecoveryCodes codes={setup.backupCodes} />
      <TextField
        label={t('code')}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        inputMode="numeric"
        isRequired
        autoFocus
      />
    </DeedDialog>
  );
}
