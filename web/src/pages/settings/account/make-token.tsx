import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { createToken } from '../../../api/client.generated.ts';
import type { CreateTokenBody } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { Dialog } from '../../../kit/dialog.tsx';
import { Select } from '../../../kit/select.tsx';
import { TextField } from '../../../kit/text-field.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';

type Scope = CreateTokenBody['scopes'][number];

const lives = ['1', '7', '30', '90', '365'] as const;
const dayMs = 86_400_000;
/** A day of a year that a slow clock could take too far. */
const marginMs = 60_000;

/** Makes a token, and shows its text once. */
export function MakeToken({ scopes, onClose }: { scopes: readonly Scope[]; onClose: () => void }) {
  const t = useTranslations('settings.tokens');
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>([]);
  const [days, setDays] = useState<(typeof lives)[number]>('30');
  const [text, setText] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    const expiresAt = new Date(Date.now() + Number(days) * dayMs - marginMs).toISOString();
    const made = await createToken({ body: { name: name.trim(), scopes: [...chosen], expiresAt } });
    setText(made.text);
    await queryClient.invalidateQueries({ queryKey: ['me', 'tokens'] });
  };
  if (text !== null) return <TokenText text={text} onClose={onClose} />;
  const toggle = (scope: Scope, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, scope] : chosen.filter((each) => each !== scope));
  return (
    <DeedDialog
      title={t('make')}
      verb={t('makeVerb')}
      isReady={name.trim() !== '' && chosen.length > 0}
      onClose={onClose}
      onDone={() => undefined}
      deed={make}
    >
      <TextField label={t('name')} help={t('nameHelp')} value={name} onChange={setName} isRequired autoFocus />
      <fieldset className={styles.scopes}>
        <legend>{t('mayWhat')}</legend>
        {scopes.map((scope) => (
          <Checkbox key={scope} isSelected={chosen.includes(scope)} onChange={(is) => toggle(scope, is)}>
            {scope}
          </Checkbox>
        ))}
      </fieldset>
      <p className={styles.why}>{t('mayHelp')}</p>
      <Select
        label={t('life')}
        value={days}
        onChange={setDays}
        options={lives.map((id) => ({ id, name: t('days', { days: Number(id) }) }))}
      />
    </DeedDialog>
  );
}

function TokenText({ text, onClose }: { text: string; onClose: () => void }) {
  const t = useTranslations('settings');
  return (
    <Dialog
      title={t('tokens.text')}
      isOpen
      onClose={onClose}
      footer={
        <Button look="primary" onPress={onClose}>
          {t('close')}
        </Button>
      }
    >
      <div className={styles.form}>
        <p>{t('once')}</p>
        <CodeBlock label={t('tokens.text')} text={text} />
        <p className={styles.why}>{t('tokens.send')}</p>
      </div>
    </Dialog>
  );
}
