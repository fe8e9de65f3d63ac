import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { Button } from '../../../kit/button.tsx';
import { FileField } from '../../../kit/file-field.tsx';
import { Row } from '../../../kit/page.tsx';
import { Status } from '../../../kit/status.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { findKey, forgetKey, loadKey } from '../../../sign/key-box.ts';
import styles from '../settings.module.css';

/** Whether the key file that a launch declares is in this browser; loads or forgets it. */
export function KeyFile({ person, declaredKey }: { person: string; declaredKey: string }) {
  const t = useTranslations('settings.keys');
  const queryClient = useQueryClient();
  const queryKey = ['key-files', person, declaredKey];
  const { data: isHere } = useQuery({
    queryKey,
    queryFn: async () => (await findKey(person, declaredKey)) !== null,
    // Somebody may have loaded it while voting.
    staleTime: 0,
  });
  const [fault, setFault] = useState<'other' | 'unreadable' | null>(null);
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey });
  const load = async (file: File): Promise<void> => {
    const fits = await loadKey(person, declaredKey, await file.text()).catch(() => null);
    setFault(fits === null ? 'unreadable' : fits ? null : 'other');
    if (fits === true) showToast('pass', t('loaded', { person }));
    await refresh();
  };
  const forget = async (): Promise<void> => {
    await forgetKey(person, declaredKey);
    showToast('pass', t('forgotten'));
    await refresh();
  };
  if (isHere === undefined) return null;
  if (isHere)
    return (
      <Row>
        <Status of="pass">{t('here')}</Status>
        <Button look="quiet" onPress={() => void forget()}>
          {t('forget')}
        </Button>
      </Row>
    );
  return (
    <div className={styles.form}>
      <Status of="missing">{t('notHere')}</Status>
      <FileField label={t('load')} accept=".pem" help={t('loadHelp')} onFile={(file) => void load(file)} />
      {fault === null ? null : (
        <p role="alert" className={styles.trouble}>
          {t(fault)}
        </p>
      )}
    </div>
  );
}
