import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { GatePage, Launch } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { ActionList } from '../../decide/action-list.tsx';
import type { GateScene } from '../../decide/action-list.tsx';
import { Candidate } from '../../decide/candidate.tsx';
import { CheckPanel } from '../../decide/check-panel.tsx';
import { messages as decide } from '../../decide/messages.ts';
import { Outcome } from '../../decide/outcome.tsx';
import { useGate, useLaunch } from '../../decide/use-gate.ts';
import type { GatePlace } from '../../decide/use-gate.ts';
import { VoteButtons } from '../../decide/vote-buttons.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { Time } from '../../kit/time.tsx';
import { ChangedBanner } from './changed-banner.tsx';
import { PollPanel } from './poll-panel.tsx';
import { ReasonTree } from './reason-tree.tsx';
import { SetAside } from './set-aside.tsx';
import { TakeBundle } from './take-bundle.tsx';

export { messages } from './messages.ts';
export const more = { decide };

/** One gate: its decision with every reason, the shortest way to GO, and the poll. */
export function Page() {
  const t = useTranslations('gate');
  const { launch, gate } = useParams({ from: '/launches/$launch/gates/$gate' });
  const { environment, criterion } = useSearch({ from: '/launches/$launch/gates/$gate' });
  const place: GatePlace = { launch, gate, environment };
  const query = useGate(place);
  const declared = useLaunch(place);
  const { data: me } = useQuery(meQuery);
  const person = me?.identity?.person ?? null;
  return (
    <PageFrame
      title={query.data?.title ?? t('title')}
      lead={query.data ? <Lead page={query.data} candidate={declared.data?.candidate} /> : undefined}
      actions={query.data ? <TakeBundle page={query.data} gate={gate} /> : undefined}
    >
      <Answer query={query} rows={8}>
        {(page) => (
          <Answer query={declared} rows={8}>
            {(of) => (
              <GateView
                key={`${gate} ${page.environment}`}
                scene={{ place, page, launch: of, me: person }}
                opened={criterion ?? null}
              />
            )}
          </Answer>
        )}
      </Answer>
    </PageFrame>
  );
}

function Lead({ page, candidate }: { page: GatePage; candidate: Launch['candidate'] | undefined }) {
  const t = useTranslations('gate.lead');
  return (
    <>
      <Outcome of={page.outcome} />
      <span>{t('environment', { environment: page.environment })}</span>
      {candidate === undefined ? null : (
        <span>
          {t('candidate')} <Candidate of={candidate} sha256={page.candidateSha256} />
        </span>
      )}
      <span>{t('plan', { sha: page.planHash.slice(0, 12) })}</span>
      <span>{t('log', { size: page.logSize })}</span>
      <span>
        {t('decided')} <Time at={page.decidedAt} short />
      </span>
    </>
  );
}

function GateView({ scene, opened }: { scene: GateScene; opened: string | null }) {
  const t = useTranslations('gate');
  const { page, place } = scene;
  // The decision as the person has read it: a vote signs that one, whatever came in meanwhile.
  const [read, setRead] = useState(page);
  const hasChanged = read.subjectSha256 !== page.subjectSha256;
  const vote = <VoteButtons scene={scene} seen={read.subjectSha256} isOff={hasChanged} />;
  const count = page.shortestWay?.length ?? null;
  return (
    <Stack>
      {hasChanged ? <ChangedBanner before={read} after={page} onRead={() => setRead(page)} /> : null}
      <Columns>
        <Stack>
          <Panel title={t('way')} aside={count === null ? undefined : t('wayCount', { count })} flush>
            <ActionList scene={scene} onVote={null} />
          </Panel>
          <SetAside page={page} />
        </Stack>
        <Stack>
          <PollPanel scene={scene} seen={read.subjectSha256} isOff={hasChanged} vote={vote} />
          <CheckPanel place={place} mayRun={page.rights.includes('check.run')} />
        </Stack>
      </Columns>
      <Panel title={t('tree.title')}>
        <ReasonTree scene={scene} opened={opened} />
      </Panel>
    </Stack>
  );
}
