import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { TextArea } from '../../kit/text-field.tsx';
import { SignDialog } from '../../sign/sign-dialog.tsx';
import type { SignWish } from '../../sign/sign-dialog.tsx';

/** Approves what would be done to data: what it is, a comment that stands in what is signed, and the signature. */
export function ApproveDialog({
  children,
  onClose,
  prepare,
  send,
}: Pick<SignWish, 'onClose' | 'send'> & {
  children: ReactNode;
  prepare: (body: { comment: string }) => ReturnType<SignWish['prepare']>;
}) {
  const t = useTranslations('data.approval');
  const [comment, setComment] = useState('');
  return (
    <SignDialog
      title={t('verb')}
      verb={t('verb')}
      isOpen
      isReady={comment.trim() !== ''}
      onClose={onClose}
      prepare={() => prepare({ comment })}
      send={send}
    >
      {children}
      <TextArea label={t('comment')} value={comment} onChange={setComment} isRequired rows={2} />
    </SignDialog>
  );
}
