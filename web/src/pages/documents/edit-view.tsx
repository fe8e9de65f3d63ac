import { Suspense, lazy, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { LintDraftAnswer, ReadDocumentAnswer } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { Conflict } from './conflict.tsx';
import { DraftFindings } from './draft-findings.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { useEditing } from './use-editing.ts';
import type { Editing } from './use-editing.ts';
import styles from './writing.module.css';

const EditorPane = lazy(async () => ({ default: (await import('./editor-pane.tsx')).EditorPane }));
const none: LintDraftAnswer['findings'] = [];

/** Mends a document: its text, what lint says while it is written, what changes before it is saved, and what to do when somebody was faster. */
export function EditView({ launch, document }: { launch: string; document: ReadDocumentAnswer }) {
  const editing = useEditing(launch, document);
  const { path, draft, phase, takeTheirs, keepMine } = editing;
  if (phase === 'conflict')
    return <Conflict launch={launch} path={path} base={draft.base} onTakeTheirs={takeTheirs} onKeepMine={keepMine} />;
  return (
    <Stack>
      <EditBar editing={editing} />
      <Writing editing={editing} />
      <Questions launch={launch} editing={editing} />
    </Stack>
  );
}

function EditBar({ editing: { draft, canSave, review, setPhase } }: { editing: Editing }) {
  const t = useTranslations('documents');
  return (
    <Row>
      <Button look="primary" isDisabled={!canSave} onPress={review}>
        {t('review')}
      </Button>
      <Button isDisabled={!draft.isChanged} onPress={() => setPhase('discarding')}>
        {t('discard')}
      </Button>
      <span className={styles.muted}>{t(draft.isChanged ? 'unsaved' : 'unchanged')}</span>
    </Row>
  );
}

function Writing({ editing: { path, draft, lint, review } }: { editing: Editing }) {
  const t = useTranslations('documents');
  const [goTo, setGoTo] = useState<{ line: number } | null>(null);
  return (
    <div className={styles.editing}>
      <Suspense fallback={<Loading rows={8} />}>
        <EditorPane
          label={t('editorOf', { path })}
          text={draft.text}
          findings={lint.query.data?.findings ?? none}
          goTo={goTo}
          onChange={draft.setText}
          onSave={review}
        />
      </Suspense>
      <DraftFindings lint={lint} onGo={(line) => setGoTo({ line })} />
    </div>
  );
}

function Questions({ launch, editing }: { launch: string; editing: Editing }) {
  const t = useTranslations('documents');
  const { path, draft, lint, phase, setPhase, close } = editing;
  return (
    <>
      {lint.query.data === undefined ? null : (
        <SaveDialog
          launch={launch}
          path={path}
          base={draft.base}
          text={draft.text}
          assessed={lint.query.data}
          isOpen={phase === 'saving'}
          onClose={close}
          onSaved={({ version }) => editing.saved(version)}
          onConflict={() => setPhase('conflict')}
        />
      )}
      <ConfirmDialog
        title={t('discardTitle')}
        verb={t('discard')}
        isDangerous
        isOpen={phase === 'discarding'}
        onClose={close}
        onConfirm={async () => draft.setText(draft.base.text)}
      >
        {t('discardText', { path })}
      </ConfirmDialog>
    </>
  );
}
