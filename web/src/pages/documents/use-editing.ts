import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { ReadDocumentAnswer } from '../../api/client.generated.ts';
import { showToast } from '../../kit/toast.tsx';
import { useDraft } from './use-draft.ts';
import type { Base } from './use-draft.ts';
import { useDraftLint } from './use-draft-lint.ts';

/** Where an edit is: text, what lint says of it, and which question is being asked. Begins with the document as it was when editing began. */
export function useEditing(launch: string, document: ReadDocumentAnswer) {
  const t = useTranslations('documents');
  const { path } = document;
  const draft = useDraft(document);
  const lint = useDraftLint(launch, path, draft.text);
  const [phase, setPhase] = useState<'writing' | 'saving' | 'discarding' | 'conflict'>('writing');
  const queryClient = useQueryClient();
  const canSave = draft.isChanged && lint.isCurrent;
  return {
    path,
    draft,
    lint,
    phase,
    setPhase,
    canSave,
    review: () => {
      if (canSave) setPhase('saving');
    },
    /** A window that closes goes back to writing, unless what it did led to another question. */
    close: () => setPhase((now) => (now === 'conflict' ? now : 'writing')),
    saved: (version: string) => {
      draft.setBase({ text: draft.text, version });
      showToast('pass', t('saved', { path }));
      void queryClient.invalidateQueries({ queryKey: ['launches', launch] });
    },
    takeTheirs: (theirs: Base) => {
      draft.beginAnew(theirs);
      setPhase('writing');
    },
    keepMine: (theirs: Base) => {
      draft.setBase(theirs);
      setPhase('writing');
    },
  };
}

/** What the parts of the editor share. */
export type Editing = ReturnType<typeof useEditing>;
