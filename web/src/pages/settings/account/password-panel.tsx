import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { isProblem } from '../../../api/api-error.ts';
import { changePassword } from '../../../api/auth.ts';
import { Button } from '../../../kit/button.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { TextField } from '../../../kit/text-field.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { useTry } from '../../../kit/use-try.ts';
import { useStepUp } from '../../../step-up/step-up-wish.ts';
import { Trouble } from '../deed-dialog.tsx';
import styles from '../settings.module.css';

const empty = { current: '', next: '', again: '' };

/** Changes one's password, which ends every other session. */
export function PasswordPanel() {
  const t = useTranslations('settings.password');
  const withStepUp = useStepUp();
  const [typed, setTyped] = useState(empty);
  const { error, isPending, attempt } = useTry();
  const { current, next, again } = typed;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    attempt(async () => {
      await withStepUp(() => changePassword(current, next));
      setTyped(empty);
      showToast('pass', t('done'));
    });
  };
  const field = (name: keyof typeof empty, autoComplete: string) => ({
    type: 'password' as const,
    autoComplete,
    value: typed[name],
    onChange: (text: string) => setTyped({ ...typed, [name]: text }),
    isRequired: true,
  });
  return (
    <Panel title={t('title')}>
      <div className={styles.part}>
        <form onSubmit={submit} className={styles.form}>
          <TextField label={t('current')} {...field('current', 'current-password')} />
          <TextField label={t('next')} help={t('help')} {...field('next', 'new-password')} />
          <TextField
            label={t('again')}
            {...field('again', 'new-password')}
            error={again !== '' && again !== next ? t('differ') : null}
          />
          <Trouble error={error} words={isProblem(error, 'sign_in_refused') ? t('refused') : null} />
          <div>
            <Button type="submit" isPending={isPending} isDisabled={current === '' || next === '' || next !== again}>
              {t('verb')}
            </Button>
          </div>
        </form>
      </div>
    </Panel>
  );
}
