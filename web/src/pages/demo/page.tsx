import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import {
  beginChecks,
  fixDemoShop,
  listRuns,
  mendDemoShop,
  readDemo,
  readGate,
  readMe,
} from '../../api/client.generated.ts';
import type { Demo } from '../../api/client.generated.ts';
import { useLive } from '../../api/live.tsx';
import { Answer } from '../../kit/answer.tsx';
import { Columns, Page as PageFrame, Stack } from '../../kit/page.tsx';
import { Panel } from '../../kit/panel.tsx';
import { becomePerson } from '../../shell/become-person.ts';
import { Deeds } from './deeds.tsx';
import styles from './demo.module.css';
import { People } from './people.tsx';
import { StepCard } from './step-card.tsx';
import { tellStory, toOutcomes } from './story.ts';
import type { StepName, StoryFacts, StoryStep } from './story.ts';
import { Trials } from './trials.tsx';

export { messages } from './messages.ts';

const gate = 'ready';

/** The story of the demo: what is so, what comes next, and who takes it. */
export function Page() {
  const t = useTranslations('demo');
  const query = useQuery({ queryKey: ['demo'], queryFn: ({ signal }) => readDemo({ signal }) });
  return (
    <PageFrame title={t('title')} lead={t('lead')}>
      <Answer query={query}>{(demo) => <Story demo={demo} />}</Answer>
    </PageFrame>
  );
}

function Story({ demo }: { demo: Demo }) {
  const t = useTranslations('demo');
  const { data: me } = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => readMe({ signal }) });
  const person = me?.identity?.person ?? null;
  const facts = useFacts(demo, person !== null);
  const act = useStep(demo);
  return (
    <Columns>
      <Panel title={t('story')} flush>
        <ol className={styles.story}>
          {tellStory(facts.known).map((step) => (
            <StepCard
              key={step.name}
              step={step}
              name={demo.people.find(({ person: id }) => id === step.who)?.name ?? null}
              isPending={act.isPending && act.variables?.name === step.name}
              error={act.variables?.name === step.name ? act.error : null}
              onGo={() => act.mutate(step)}
            />
          ))}
        </ol>
      </Panel>
      <Stack>
        <Panel title={t('people')}>
          <People people={demo.people} person={person} />
        </Panel>
        <Panel title={t('trial.title')}>
          <Trials demo={demo} />
        </Panel>
        <Panel title={t('shop')} flush>
          <Deeds deeds={demo.deeds} />
        </Panel>
      </Stack>
    </Columns>
  );
}

/** What the API says about the launch of the demo; before somebody is signed in it says nothing, and the story begins. */
function useFacts({ launch, isFixed, mendedAt }: Demo, isSignedIn: boolean): { known: StoryFacts } {
  const gateKey = ['launches', launch, 'gates', gate];
  const runsKey = ['launches', launch, 'runs'];
  const decision = useQuery({
    queryKey: gateKey,
    queryFn: ({ signal }) => readGate({ launch, gate }, { signal }),
    enabled: isSignedIn,
  });
  const runs = useQuery({
    queryKey: runsKey,
    queryFn: ({ signal }) => listRuns({ launch }, { signal }),
    enabled: isSignedIn,
  });
  useLive({ launch }, gateKey);
  useLive({ launch }, runsKey);
  const { data } = decision;
  // A way back that began by itself is a live run, too: it looks, and is none of the story.
  const live = runs.data?.items.filter(({ mode, procedure }) => mode === 'live' && procedure === 'runbook') ?? [];
  const newest = live.find(({ createdAtMs }) => mendedAt === null || createdAtMs > Date.parse(mendedAt));
  return {
    known: {
      isFixed,
      isMended: mendedAt !== null,
      looked: (data?.logSize ?? 0) > 0,
      outcomes: data ? toOutcomes(data.tree) : new Map<string, string>(),
      outcome: data?.outcome ?? 'no-go',
      run: newest?.state ?? null,
    },
  };
}

/** Takes a step of the story: becomes whoever takes it, does what can be done here, and goes where the rest is done; loaded anew, as another person. */
function useStep({ launch }: Demo) {
  const router = useRouter();
  return useMutation({
    mutationFn: async ({ name, who }: StoryStep) => {
      if (who !== null) await becomePerson(who);
      if (name === 'look' || name === 'check') await beginChecks({ launch, body: {} });
      if (name === 'fix') await fixDemoShop();
      if (name === 'mend') await mendDemoShop();
      location.assign(router.buildLocation(placeOf(name, launch)).href);
    },
  });
}

function placeOf(name: StepName, launch: string) {
  switch (name) {
    case 'fix':
    case 'mend':
      return { to: '/demo' } as const;
    case 'shift':
      return { to: '/launches/$launch/rollouts', params: { launch } } as const;
    case 'rehearse':
    case 'order':
    case 'run':
    case 'back':
      return { to: '/launches/$launch/runs', params: { launch } } as const;
    default:
      return { to: '/launches/$launch/gates/$gate', params: { launch, gate } } as const;
  }
}
