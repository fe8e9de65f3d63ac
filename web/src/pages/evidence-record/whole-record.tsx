import { useTranslations } from 'use-intl/react';

import { CodeBlock } from '../../kit/code-block.tsx';
import { Disclosure } from '../../kit/disclosure.tsx';
import { Panel } from '../../kit/panel.tsx';

/** Everything that was hashed, for whoever wants to see it all. */
export function WholeRecord({ body }: { body: string }) {
  const t = useTranslations('evidenceRecord');
  return (
    <Panel title={t('record')}>
      <Disclosure title={t('recordText')}>
        <CodeBlock text={JSON.stringify(JSON.parse(body), null, 2)} label={t('record')} />
      </Disclosure>
    </Panel>
  );
}
