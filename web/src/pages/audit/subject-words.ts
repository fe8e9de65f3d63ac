import type { useTranslations } from 'use-intl/react';

import type { AuditLine } from '../../api/client.generated.ts';
import type { messages } from './messages.ts';

type Words = ReturnType<typeof useTranslations<'audit'>>;
type Known = keyof (typeof messages)['subjects'];

/** What something is and which one; a kind that this page has no word for is shown by its own. */
export function toSubjectWords({ kind, id }: AuditLine['subjects'][number], t: Words): string {
  const name = t.has(`subjects.${kind as Known}`) ? t(`subjects.${kind as Known}`) : kind;
  return `${name} ${id}`;
}
