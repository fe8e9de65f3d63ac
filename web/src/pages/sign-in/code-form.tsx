import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { showCode, showRecoveryCode } from '../../api/auth.ts';
import { Button } from '../../kit/button.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { bareStyles } from '../../shell/bare-page.tsx';
import { Refusal } from './refusal.tsx';
import { useTry } from '../../kit/use-try.ts';

/** The second factor after a password: a code of the authenticator, or a recovery code. */
export function CodeForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const t = useTranslations('signIn');
  const [code, setCode] = useState('');
  const { error, isPending, attempt } = useTry();
  const plain = code.trim().replaceAll(' ', '');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    attempt(async () => {
      await (/^\d{6}$/u.test(plain) ? showCode(plain) : showRecoveryCode(plain));
      onDone();
    });
  };
  return (
    <form onSubmit={submit} className={bareStyles.form}>
      <TextField
        label={t('code')}
        help={t('codeHelp')}
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        isRequired
        autoFocus
      />
      <Refusal error={error} words={t('codeRefused')} />
      <Button type="submit" look="primary" isPending={isPending} isDisabled={plain === ''}>
        {t('codeVerb')}
      </Button>
      <Button type="button" look="quiet" onPress={onBack}>
        {t('back')}
      </Button>
    </form>
  );
}
