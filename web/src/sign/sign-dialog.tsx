import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { ErrorState } from '../kit/error-state.tsx';
import { FileField } from '../kit/file-field.tsx';
import { KeyValues } from '../kit/key-values.tsx';
import { loadKey } from './key-box.ts';
import styles from './sign-dialog.module.css';
import { SignError, signStatement } from './sign-statement.ts';
import type { PreparedStatement, SignedStatement } from './sign-statement.ts';

/** What a person is asked to sign. */
export interface SignWish {
  title: string;
  /** What the statement says, as people read it; shown above the digest that is signed. */
  children: ReactNode;
  /** The verb on the button: "Vote go", never "OK". */
  verb: string;
  isDangerous?: boolean;
  isReady?: boolean;
  isOpen: boolean;
  onClose: () => void;
  /** Asks the server for the statement as it stands now. */
  prepare: () => Promise<PreparedStatement>;
  /** Hands the signed statement in. */
  send: (signed: SignedStatement) => Promise<unknown>;
}

/** Signs a statement with the key that the launch declares for the person: a passkey, or a key file that is loaded here once. Stays open until it is done. */
export function SignDialog(wish: SignWish) {
  return wish.isOpen ? <OpenSign {...wish} /> : null;
}

function OpenSign({ title, children, verb, isDangerous = false, isReady = true, onClose, prepare, send }: SignWish) {
  const t = useTranslations('sign');
  const [prepared, setPrepared] = useState<PreparedStatement | null>(null);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (): Promise<void> => {
    setIsPending(true);
    setError(null);
    try {
      const asked = await prepare();
      setPrepared(asked);
      await send(await signStatement(asked));
      onClose();
    } catch (fault) {
      setError(fault);
      setIsPending(false);
    }
  };
  const footer = (
    <>
      <Button onPress={onClose} isDisabled={isPending}>
        {t('cancel')}
      </Button>
      <Button
        look={isDangerous ? 'danger' : 'primary'}
        isPending={isPending}
        isDisabled={!isReady}
        onPress={() => void run()}
      >
        {verb}
      </Button>
    </>
  );
  const lacksKey = error instanceof SignError && error.reason === 'no-key-here' && prepared !== null;
  return (
    <Dialog title={title} isOpen onClose={onClose} footer={footer}>
      <div>{children}</div>
      {prepared === null ? null : <Signed prepared={prepared} />}
      {lacksKey ? <KeyFile prepared={prepared} onLoaded={() => void run()} /> : <Trouble error={error} />}
    </Dialog>
  );
}

function Signed({ prepared }: { prepared: PreparedStatement }) {
  const t = useTranslations('sign');
  const rows = [
    { name: t('signer'), value: prepared.person },
    { name: t('digest'), value: <code>{prepared.sha256}</code> },
    { name: t('key'), value: <code className={styles.key}>{prepared.key ?? t('none')}</code> },
  ];
  return <KeyValues items={rows} />;
}

function Trouble({ error }: { error: unknown }) {
  const t = useTranslations('sign');
  if (error === null) return null;
  if (!(error instanceof SignError)) return <ErrorState error={error} />;
  return (
    <p role="alert" className={styles.trouble}>
      {t(`fault.${error.reason}`)}
    </p>
  );
}

/** A key file never leaves the browser: it is read here, kept so that it cannot be taken out again, and only signs. */
function KeyFile({ prepared, onLoaded }: { prepared: PreparedStatement; onLoaded: () => void }) {
  const t = useTranslations('sign');
  const [fault, setFault] = useState<'other' | 'unreadable' | null>(null);
  const read = async (file: File): Promise<void> => {
    try {
      const fits = await loadKey(prepared.person, prepared.key ?? '', await file.text());
      setFault(fits ? null : 'other');
      if (fits) onLoaded();
    } catch {
      setFault('unreadable');
    }
  };
  return (
    <div className={styles.file}>
      <p>{t('needFile', { person: prepared.person })}</p>
      <FileField label={t('file')} accept=".pem" onFile={(file) => void read(file)} />
      {fault === null ? null : (
        <p role="alert" className={styles.trouble}>
          {t(`file-${fault}`)}
        </p>
      )}
    </div>
  );
}
