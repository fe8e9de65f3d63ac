import { useEffect, useEffectEvent, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../api/api-error.ts';
import { listSetupPeople } from '../../api/client.generated.ts';
import type { ListSetupPeopleAnswer } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { BareAlert, bareStyles } from '../../shell/bare-page.tsx';
import { takeFragment } from '../../shell/take-fragment.ts';
import { useTry } from '../../kit/use-try.ts';

/** Takes the code from the address, or from whoever types it, and asks for whom the first account may stand. */
export function CodeStep({ onOpened }: { onOpened: (code: string, people: ListSetupPeopleAnswer) => void }) {
  const t = useTranslations('setup');
  const [code, setCode] = useState('');
  const { error, isPending, attempt } = useTry();
  const open = (text: string): void =>
    attempt(async () => onOpened(text, await listSetupPeople({ body: { code: text } })));
  const openFirst = useEffectEvent(() => {
    const given = takeFragment();
    if (given === '') return;
    setCode(given);
    open(given);
  });
  useEffect(() => openFirst(), []);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    open(code.trim());
  };
  return (
    <form onSubmit={submit} className={bareStyles.form}>
      <TextField
        label={t('code')}
        help={t('codeHelp')}
        value={code}
        onChange={setCode}
        autoComplete="off"
        spellCheck="false"
        isRequired
        autoFocus
      />
      {error === null ? null : isProblem(error, 'code_invalid') ? (
        <BareAlert>{t('codeInvalid')}</BareAlert>
      ) : (
        <ErrorState error={error} />
      )}
      <Button type="submit" look="primary" isPending={isPending} isDisabled={code.trim() === ''}>
        {t('codeVerb')}
      </Button>
    </form>
  );
}
