import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { signInWithPassword } from '../../api/auth.ts';
import { Button } from '../../kit/button.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { bareStyles } from '../../shell/bare-page.tsx';
import { Refusal } from './refusal.tsx';
import { useTry } from '../../kit/use-try.ts';

/** E-mail address and password. */
export function PasswordForm({ onDone, onCode }: { onDone: () => void; onCode: () => void }) {
  const t = useTranslations('signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { error, isPending, attempt } = useTry();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    attempt(async () => ((await signInWithPassword(email.trim(), password)).wantsFactor ? onCode() : onDone()));
  };
  return (
    <form onSubmit={submit} className={bareStyles.form}>
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username webauthn"
        value={email}
        onChange={setEmail}
        isRequired
        autoFocus
      />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
      />
      <Refusal error={error} words={t('refused')} />
      <Button type="submit" look="primary" isPending={isPending} isDisabled={email.trim() === '' || password === ''}>
        {t('verb')}
      </Button>
    </form>
  );
}
