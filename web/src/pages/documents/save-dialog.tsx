import { useTranslations } from 'use-intl/react';

import { saveDocument } from '../../api/client.generated.ts';
import type { LintDraftAnswer, SaveDocumentAnswer } from '../../api/client.generated.ts';
import { isProblem } from '../../api/api-error.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Diff } from '../../kit/diff.tsx';
import { Stack } from '../../kit/page.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import styles from './writing.module.css';

/** What is saved, over what. */
export interface SaveDialogProps {
  launch: string;
  path: string;
  /** The text and version that were changed. */
  base: { text: string; version: string };
  text: string;
  /** What the API says the text would do. */
  assessed: LintDraftAnswer;
  isOpen: boolean;
  onClose: () => void;
  onSaved: (answer: SaveDocumentAnswer) => void;
  onConflict: () => void;
}

/** Shows what changes and what follows from it before anything is written. */
export function SaveDialog(props: SaveDialogProps) {
  const t = useTranslations('documents');
  const { launch, path, base, text, assessed } = props;
  const save = async (): Promise<void> => {
    try {
      const body = { path, text, expectedVersion: base.version };
      props.onSaved(await saveDocument({ launch, body }));
    } catch (error) {
      if (!isProblem(error, 'version_conflict')) throw error;
      props.onConflict();
    }
  };
  return (
    <ConfirmDialog
      title={t('saveTitle', { path })}
      verb={t('save')}
      isOpen={props.isOpen}
      onClose={props.onClose}
      onConfirm={save}
    >
      <Stack>
        <Consequences assessed={assessed} />
        <Diff before={base.text} after={text} label={t('changes')} />
      </Stack>
    </ConfirmDialog>
  );
}

/** What follows from saving, the worst first. */
function Consequences({ assessed: { readable, changesPlan, authority } }: { assessed: LintDraftAnswer }) {
  const t = useTranslations('documents');
  const rights = authority === null ? t('authorityUnknown') : t('authority', { parts: authority.join(', ') });
  return (
    <ul className={styles.consequences}>
      {readable ? null : <Consequence of="error" text={t('unreadable')} />}
      {authority?.length === 0 ? null : <Consequence of="warning" text={rights} />}
      {readable ? (
        <Consequence of={changesPlan ? 'warning' : 'info'} text={t(changesPlan ? 'changesPlan' : 'keepsPlan')} />
      ) : null}
      <Consequence of="info" text={t('notCommitted')} />
    </ul>
  );
}

function Consequence({ of, text }: { of: StatusName; text: string }) {
  return (
    <li>
      <Status of={of} />
      <span>{text}</span>
    </li>
  );
}
