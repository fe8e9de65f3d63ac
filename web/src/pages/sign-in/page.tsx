import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { meQuery } from '../../api/me.ts';
import { BareAlert, BarePage } from '../../shell/bare-page.tsx';
import { toOwnPath } from '../../shell/to-own-path.ts';
import { CodeForm } from './code-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { WaysIn } from './ways-in.tsx';

export { messages } from './messages.ts';

/** Signs somebody in, and goes on where they wanted to go: a path of our own, or home. */
export function Page() {
  const t = useTranslations('signIn');
  const search = useSearch({ from: '/sign-in' });
  // Judged here: the router hands on what its own look at the address has dropped.
  const next = toOwnPath(search.next);
  const { data } = useQuery(meQuery);
  const [wantsCode, setWantsCode] = useState(false);
  // As a new page: nothing of what was shown before belongs to whoever is signed in now.
  const goOn = (): void => globalThis.location.replace(next);
  // Nobody has an account yet: there is nothing to sign in with.
  if (data?.setupOpen === true) return <Navigate to="/setup" />;
  if (wantsCode)
    return (
      <BarePage title={t('codeTitle')} lead={t('codeLead')}>
        <CodeForm onDone={goOn} onBack={() => setWantsCode(false)} />
      </BarePage>
    );
  const foot = (
    <>
      <p>{t('lost')}</p>
      <Link to="/status">{t('status')}</Link>
    </>
  );
  return (
    <BarePage title={t('title')} foot={foot}>
      {search.failed === undefined ? null : <BareAlert>{t('providerFailed')}</BareAlert>}
      <PasswordForm onDone={goOn} onCode={() => setWantsCode(true)} />
      <WaysIn signOns={data?.signOns ?? []} next={next} onDone={goOn} />
    </BarePage>
  );
}
