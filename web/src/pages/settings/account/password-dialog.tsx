import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../../api/api-error.ts';
import { TextField } from '../../../kit/text-field.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';

/** Asks for the password before something about the account is changed. */
export function PasswordDialog({
  title,
  why,
  verb,
  isDangerous = false,
  onClose,
  onDone,
  deed,
}: {
  title: string;
  why: string;
  verb: string;
  isDangerous?: boolean;
  onClose: () => void;
  onDone?: () => void;
  deed: (password: string) => Promise<unknown>;
}) {
  const t = useTranslations('settings');
  const [password, setPassword] = useState('');
  return (
    <DeedDialog
      title={title}
      verb={verb}
      isDangerous={isDangerous}
      isReady={password !== ''}
      onClose={onClose}
      onDone={onDone}
      deed={() => deed(password)}
      explain={(error) => (isProblem(error, 'sign_in_refused') ? t('password.refused') : null)}
    >
      <p className={styles.why}>{why}</p>
      <TextField
        label={t('totp.password')}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
        autoFocus
      />
    </DeedDialog>
  );
}
