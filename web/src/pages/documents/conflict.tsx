import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { readDocument } from '../../api/client.generated.ts';
import { Answer } from '../../kit/answer.tsx';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { Diff } from '../../kit/diff.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import type { Base } from './use-draft.ts';

/** Somebody was faster: what they changed, and the two ways on. Neither writes anything. */
export function Conflict({
  launch,
  path,
  base,
  onTakeTheirs,
  onKeepMine,
}: {
  launch: string;
  path: string;
  base: Base;
  onTakeTheirs: (theirs: Base) => void;
  onKeepMine: (theirs: Base) => void;
}) {
  const t = useTranslations('documents');
  const query = useQuery({
    queryKey: ['launches', launch, 'document', path, 'conflict', base.version],
    queryFn: ({ signal }) => readDocument({ launch, path }, { signal }),
    gcTime: 0,
  });
  return (
    <Stack>
      <Banner tone="held" icon="warning" title={t('conflict', { path })}>
        {t('conflictText')}
      </Banner>
      <Answer query={query}>
        {({ text, version }) => (
          <Stack>
            <Diff before={base.text} after={text} label={t('theirs')} />
            <Row>
              <Button onPress={() => onTakeTheirs({ text, version })}>{t('takeTheirs')}</Button>
              <Button look="primary" onPress={() => onKeepMine({ text, version })}>
                {t('keepMine')}
              </Button>
            </Row>
          </Stack>
        )}
      </Answer>
    </Stack>
  );
}
