import { useTranslations } from 'use-intl/react';

import { ApiError, UnavailableError } from '../../api/api-error.ts';
import { beginSignOn, canUsePasskeys, showPasskey } from '../../api/auth.ts';
import { Button } from '../../kit/button.tsx';
import { BareAlert, bareStyles } from '../../shell/bare-page.tsx';
import { Refusal } from './refusal.tsx';
import { useTry } from '../../kit/use-try.ts';

/** Ways in without a password: a passkey, and the identity providers of this installation. */
export function WaysIn({
  signOns,
  next,
  onDone,
}: {
  signOns: readonly { id: string; name: string }[];
  next: string;
  onDone: () => void;
}) {
  const t = useTranslations('signIn');
  const { error, isPending, attempt } = useTry();
  const can = canUsePasskeys();
  const usePasskey = async (): Promise<void> => {
    await showPasskey();
    onDone();
  };
  const goTo = async (provider: string): Promise<void> => globalThis.location.assign(await beginSignOn(provider, next));
  return (
    <div className={bareStyles.block}>
      <div className={bareStyles.or}>{t('or')}</div>
      <Button icon="key" isPending={isPending} isDisabled={!can} onPress={() => attempt(usePasskey)}>
        {t('passkey')}
      </Button>
      {can ? null : <p className={bareStyles.note}>{t('noPasskeys')}</p>}
      {signOns.map(({ id, name }) => (
        <Button key={id} icon="external" isPending={isPending} onPress={() => attempt(() => goTo(id))}>
          {t('provider', { name })}
        </Button>
      ))}
      <PasskeyTrouble error={error} />
    </div>
  );
}

/** What the browser refuses has no words of ours: somebody stopped, or has no key for this site. */
function PasskeyTrouble({ error }: { error: unknown }) {
  const t = useTranslations('signIn');
  if (error === null) return null;
  if (error instanceof ApiError || error instanceof UnavailableError)
    return <Refusal error={error} words={t('passkeyRefused')} />;
  return <BareAlert>{t('passkeyRefused')}</BareAlert>;
}
