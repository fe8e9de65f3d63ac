import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { readOutlook } from '../../api/client.generated.ts';
import type { Launch, Outlook } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Candidate } from '../../decide/candidate.tsx';
import { CheckPanel } from '../../decide/check-panel.tsx';
import { messages as decide } from '../../decide/messages.ts';
import { inEnvironment, launchKey, useChecks, useGates, useLaunch } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { Bounds } from './bounds.tsx';
import { Freshness } from './freshness.tsx';
import { GateCards } from './gate-cards.tsx';
import { Hero } from './hero.tsx';
import { People } from './people.tsx';
import { Phases } from './phases.tsx';
import { Procedures } from './procedures.tsx';
import { Rehearsals } from './rehearsals.tsx';
import { Risks } from './risks.tsx';
import { Scope } from './scope.tsx';

export { messages } from './messages.ts';
export const more = { decide };

/** One screen that answers "can we go?": the count, each gate with what is left, and how one would get back. */
export function Page() {
  const t = useTranslations('launch');
  const { launch } = useParams({ from: '/launches/$launch' });
  const { environment } = useSearch({ from: '/launches/$launch' });
  const place: LaunchPlace = { launch, environment };
  const query = useLaunch(place);
  const outlook = useOutlook(place);
  const { data } = query;
  return (
    <PageFrame
      title={data?.title ?? t('title')}
      lead={data ? <Lead launch={data} /> : undefined}
      actions={data && data.environments.length > 1 ? <Environments launch={data} /> : undefined}
    >
      <Answer query={query} rows={rows}>
        {(of) => <LaunchView place={place} launch={of} outlook={outlook} />}
      </Answer>
    </PageFrame>
  );
}

function Lead({ launch: { candidate, owner, planHash } }: { launch: Launch }) {
  const t = useTranslations('launch.lead');
  return (
    <>
      <span>
        {t('candidate')} <Candidate of={candidate} />
      </span>
      <span>{t('planHash', { sha: planHash.slice(0, 12) })}</span>
      {owner === null ? null : <span>{t('owner', { who: owner })}</span>}
    </>
  );
}

function Environments({ launch }: { launch: Launch }) {
  const t = useTranslations('launch');
  const navigate = useNavigate({ from: '/launches/$launch' });
  const options = launch.environments.map(({ id, simulated }) => ({
    id,
    name: simulated ? `${id}, ${t('simulated')}` : id,
  }));
  return (
    <Select
      label={t('lead.environment')}
      isLabelHidden
      options={options}
      value={launch.environment}
      onChange={(environment) => void navigate({ search: { environment } })}
    />
  );
}

function useOutlook(place: LaunchPlace) {
  const queryKey = launchKey(place, 'outlook');
  useLive({ launch: place.launch }, queryKey);
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => readOutlook({ launch: place.launch, ...inEnvironment(place) }, { signal }),
    refetchInterval: 15_000,
  });
}

/** How many rows are kept for the page while it loads. */
const rows = 10;

function LaunchView({
  place,
  launch,
  outlook,
}: {
  place: LaunchPlace;
  launch: Launch;
  outlook: UseQueryResult<Outlook>;
}) {
  const checks = useChecks(place);
  const gates = useGates(
    place,
    launch.gates.map(({ id }) => id),
  );
  // Drawn as they come, each of these would push what stands below it out from under the eyes, and the pointer, of whoever reads. What failed has come, too.
  if ([outlook, checks, ...gates].some(({ isPending }) => isPending)) return <Loading rows={rows} />;
  return (
    <Stack>
      <Hero place={place} launch={launch} outlook={outlook} />
      <Phases launch={launch} outlook={outlook.data} />
      <GateCards place={place} launch={launch} />
      <Columns>
        <Stack>
          <Freshness launch={launch} outlook={outlook} />
          <Scope launch={launch} />
          <Risks launch={launch} />
        </Stack>
        <Stack>
          <CheckPanel place={place} mayRun={outlook.data?.rights.includes('check.run') ?? false} />
          <Procedures launch={launch} outlook={outlook.data} />
          <Rehearsals place={place} />
          <Bounds launch={launch} />
          <People launch={launch} />
        </Stack>
      </Columns>
    </Stack>
  );
}
