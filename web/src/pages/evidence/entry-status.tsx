import { useTranslations } from 'use-intl/react';

import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';

const looks: { readonly [word: string]: StatusName } = {
  pass: 'pass',
  fail: 'fail',
  unknown: 'unknown',
  go: 'go',
  'go-with-conditions': 'goWithConditions',
  'no-go': 'noGo',
  waived: 'waived',
  done: 'done',
};

/** How an entry of the log came out; a word that this page does not know is shown as it is, and looks unknown. */
export function EntryStatus({ word }: { word: string }) {
  const t = useTranslations('kit.status');
  const look = looks[word];
  return look === undefined ? <Status of="unknown">{word}</Status> : <Status of={look}>{t(look)}</Status>;
}
