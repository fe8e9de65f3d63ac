import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { showCode, showPasskey, showRecoveryCode, signInWithPassword } from '../api/auth.ts';
import type { Identity } from '../api/client.generated.ts';
import { meQuery } from '../api/me.ts';
import { Answer } from '../kit/answer.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { ErrorState } from '../kit/error-state.tsx';
import { TextField } from '../kit/text-field.tsx';
import styles from './step-up.module.css';
import type { StepUpWish } from './step-up-wish.ts';

/** Asks for whatever the account has: a passkey, the code of an authenticator, or, where it has no second factor, its password. */
export function StepUpDialog({ wish }: { wish: StepUpWish }) {
  const t = useTranslations('stepUp');
  const me = useQuery(meQuery);
  return (
    <Dialog title={t('title')} isOpen onClose={wish.reject}>
      <p>{t('why')}</p>
      <Answer query={me}>
        {({ identity }) => (identity === null ? <p>{t('nobody')}</p> : <Proof identity={identity} wish={wish} />)}
      </Answer>
    </Dialog>
  );
}

function Proof({ identity, wish }: { identity: Identity; wish: StepUpWish }) {
  const t = useTranslations('stepUp');
  const { totp, passkeys } = identity.factors;
  const { error, isPending, show } = useShow(wish);
  const isBare = !totp && passkeys === 0;
  return (
    <div className={styles.proof}>
      {passkeys > 0 ? (
        <Button look="primary" icon="key" isPending={isPending} onPress={() => show(showPasskey)} autoFocus>
          {t('passkey')}
        </Button>
      ) : null}
      {totp ? (
        <CodeForm
          label={t('code')}
          help={t('codeHelp')}
          verb={t('showCode')}
          kind="code"
          isPending={isPending}
          onShow={(code) => show(() => (/^\d{6}$/u.test(code) ? showCode(code) : showRecoveryCode(code)))}
        />
      ) : null}
      {isBare ? (
        <CodeForm
          label={t('password')}
          help={t('passwordHelp')}
          verb={t('showPassword')}
          kind="password"
          isPending={isPending}
          onShow={(password) => show(() => signInWithPassword(identity.email, password))}
        />
      ) : null}
      {error === null ? null : <ErrorState error={error} />}
    </div>
  );
}

function useShow(wish: StepUpWish) {
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [isPending, setIsPending] = useState(false);
  const show = (prove: () => Promise<unknown>): void => {
    setIsPending(true);
    setError(null);
    prove().then(
      () => {
        void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
        wish.resolve();
      },
      (fault: unknown) => {
        setError(fault);
        setIsPending(false);
      },
    );
  };
  return { error, isPending, show };
}

interface CodeFormProps {
  label: string;
  help: string;
  verb: string;
  kind: 'code' | 'password';
  isPending: boolean;
  onShow: (text: string) => void;
}

function CodeForm({ label, help, verb, kind, isPending, onShow }: CodeFormProps) {
  const [text, setText] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onShow(text.trim());
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <TextField
        label={label}
        help={help}
        value={text}
        onChange={setText}
        type={kind === 'password' ? 'password' : 'text'}
        autoComplete={kind === 'password' ? 'current-password' : 'one-time-code'}
        isRequired
        autoFocus
      />
      <Button type="submit" isPending={isPending} isDisabled={text.trim() === ''}>
        {verb}
      </Button>
    </form>
  );
}
