import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { listGrants, listLaunches } from '../../../api/client.generated.ts';
import type { LaunchLine } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Button } from '../../../kit/button.tsx';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Row, Stack } from '../../../kit/page.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Select } from '../../../kit/select.tsx';
import styles from '../settings.module.css';
import { GiveRight } from './give-right.tsx';
import { RightsTable } from './rights-table.tsx';

/** Who may do what in a launch, and why. */
export function RightsTab() {
  const t = useTranslations('settings.rights');
  const query = useQuery({ queryKey: ['launches'], queryFn: ({ signal }) => listLaunches({ signal }) });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Answer query={query}>
      {({ items }) => {
        const launch = items.find(({ id }) => id === chosen) ?? items[0];
        if (launch === undefined) return <EmptyState title={t('noLaunch')} />;
        return (
          <Stack>
            {items.length > 1 ? <PickLaunch launches={items} value={launch.id} onChange={setChosen} /> : null}
            <Rights key={launch.id} launch={launch.id} />
          </Stack>
        );
      }}
    </Answer>
  );
}

function PickLaunch({
  launches,
  value,
  onChange,
}: {
  launches: readonly LaunchLine[];
  value: string;
  onChange: (launch: string) => void;
}) {
  const t = useTranslations('settings.rights');
  return (
    <div className={styles.pick}>
      <Select
        label={t('launch')}
        value={value}
        onChange={onChange}
        options={launches.map(({ id, title }) => ({ id, name: title ?? id }))}
      />
    </div>
  );
}

function Rights({ launch }: { launch: string }) {
  const t = useTranslations('settings.rights');
  const [withEnded, setWithEnded] = useState(false);
  const [isGiving, setIsGiving] = useState(false);
  const ended = withEnded ? 'true' : 'false';
  const query = useQuery({
    queryKey: ['launches', launch, 'grants', ended],
    queryFn: ({ signal }) => listGrants({ launch, ended }, { signal }),
  });
  const actions = (
    <Row>
      <Checkbox isSelected={withEnded} onChange={setWithEnded}>
        {t('ended')}
      </Checkbox>
      <Button icon="plus" isDisabled={query.data === undefined} onPress={() => setIsGiving(true)}>
        {t('give')}
      </Button>
    </Row>
  );
  return (
    <Panel title={t('title', { launch })} flush actions={actions}>
      <Answer query={query}>{(rights) => <RightsTable launch={launch} rights={rights} />}</Answer>
      {isGiving && query.data !== undefined ? (
        <GiveRight launch={launch} rights={query.data} onClose={() => setIsGiving(false)} />
      ) : null}
    </Panel>
  );
}
