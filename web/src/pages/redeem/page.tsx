import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../api/api-error.ts';
import { redeemCode } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { LinkButton } from '../../kit/link-button.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { BareAlert, BarePage, bareStyles } from '../../shell/bare-page.tsx';
import { takeFragment } from '../../shell/take-fragment.ts';
import { useTry } from '../../kit/use-try.ts';

export { messages } from './messages.ts';

/** Chooses a password with the code of an invitation or a reset. */
export function Page() {
  const t = useTranslations('redeem');
  const [done, setDone] = useState<{ name: string; email: string } | null>(null);
  if (done !== null)
    return (
      <BarePage title={t('doneTitle')}>
        <p>{t('done', done)}</p>
        <LinkButton to="/sign-in" look="primary">
          {t('signIn')}
        </LinkButton>
      </BarePage>
    );
  return (
    <BarePage title={t('title')} lead={t('lead')}>
      <RedeemForm onDone={setDone} />
    </BarePage>
  );
}

function RedeemForm({ onDone }: { onDone: (done: { name: string; email: string }) => void }) {
  const t = useTranslations('redeem');
  const [wish, setWish] = useState({ code: '', password: '', again: '' });
  const { code, password, again } = wish;
  const { error, isPending, attempt } = useTry();
  useEffect(() => {
    const given = takeFragment();
    if (given !== '') setWish((known) => ({ ...known, code: given }));
  }, []);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    attempt(async () => onDone(await redeemCode({ body: { code: code.trim(), password } })));
  };
  const isReady = code.trim() !== '' && password !== '' && password === again;
  return (
    <form onSubmit={submit} className={bareStyles.form}>
      <TextField
        label={t('code')}
        value={code}
        onChange={(text) => setWish({ ...wish, code: text })}
        autoComplete="off"
        spellCheck="false"
        isRequired
      />
      <TextField
        label={t('password')}
        help={t('passwordHelp')}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(text) => setWish({ ...wish, password: text })}
        isRequired
      />
      <TextField
        label={t('again')}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(text) => setWish({ ...wish, again: text })}
        error={again !== '' && again !== password ? t('differ') : null}
        isRequired
      />
      {error === null ? null : isProblem(error, 'code_invalid') ? (
        <BareAlert>{t('codeInvalid')}</BareAlert>
      ) : (
        <ErrorState error={error} />
      )}
      <Button type="submit" look="primary" isPending={isPending} isDisabled={!isReady}>
        {t('verb')}
      </Button>
    </form>
  );
}
