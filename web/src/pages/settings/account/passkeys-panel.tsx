import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { ApiError, UnavailableError } from '../../../api/api-error.ts';
import { canUsePasskeys, deletePasskey, registerPasskey } from '../../../api/auth.ts';
import { listOwnPasskeys } from '../../../api/client.generated.ts';
import type { Passkey } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { TextField } from '../../../kit/text-field.tsx';
import { Time } from '../../../kit/time.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';

/** The query that both panels about keys share. */
export const passkeysQuery = {
  queryKey: ['me', 'passkeys'],
  queryFn: ({ signal }: { signal: AbortSignal }) => listOwnPasskeys({ signal }),
};

/** Passkeys of the account. */
export function PasskeysPanel() {
  const t = useTranslations('settings.passkey');
  const query = useQuery(passkeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [removed, setRemoved] = useState<Passkey | null>(null);
  const can = canUsePasskeys();
  const add = (
    <Button icon="plus" isDisabled={!can} onPress={() => setIsAdding(true)}>
      {t('add')}
    </Button>
  );
  return (
    <Panel title={t('title')} actions={add}>
      <div className={styles.part}>
        <p className={styles.why}>{can ? t('why') : t('unsupported')}</p>
        <Answer query={query} rows={1}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState title={t('none')}>{t('noneHint')}</EmptyState>
            ) : (
              <ul className={styles.list}>
                {items.map((passkey) => (
                  <Entry key={passkey.id} passkey={passkey} onRemove={() => setRemoved(passkey)} />
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
      {isAdding ? <AddPasskey onClose={() => setIsAdding(false)} /> : null}
      {removed === null ? null : <RemovePasskey passkey={removed} onClose={() => setRemoved(null)} />}
    </Panel>
  );
}

function Entry({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const t = useTranslations('settings.passkey');
  const { name, createdAt, key, declaredIn } = passkey;
  const declared = declaredIn.length === 0 ? t('undeclared') : declaredIn.join(', ');
  return (
    <li className={styles.entry}>
      <div className={styles.grow}>
        <strong>{name ?? t('unnamed')}</strong>
        <div className={styles.muted}>
          {t('added')} <Time at={createdAt} short />
        </div>
        <div className={styles.muted}>{key === null ? t('otherCurve') : `${t('declared')}: ${declared}`}</div>
      </div>
      <Button look="quiet" onPress={onRemove}>
        {t('remove')}
      </Button>
    </li>
  );
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.passkey');
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const add = async (): Promise<void> => {
    await registerPasskey(name.trim());
    await queryClient.invalidateQueries({ queryKey: ['me'] });
  };
  // What the browser refuses has no words of ours: somebody stopped, or the device has such a key.
  const explain = (error: unknown): string | null =>
    error instanceof ApiError || error instanceof UnavailableError ? null : t('failed');
  return (
    <DeedDialog
      title={t('add')}
      verb={t('addVerb')}
      isReady={name.trim() !== ''}
      onClose={onClose}
      deed={add}
      explain={explain}
    >
      <TextField label={t('addName')} help={t('addHelp')} value={name} onChange={setName} isRequired autoFocus />
    </DeedDialog>
  );
}

function RemovePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const t = useTranslations('settings.passkey');
  const queryClient = useQueryClient();
  const remove = async (): Promise<void> => {
    await deletePasskey(passkey.id);
    await queryClient.invalidateQueries({ queryKey: ['me'] });
  };
  return (
    <DeedDialog
      title={t('removeTitle', { name: passkey.name ?? t('unnamed') })}
      verb={t('remove')}
      isDangerous
      onClose={onClose}
      deed={remove}
    >
      <p>{t('removeWhy')}</p>
    </DeedDialog>
  );
}
