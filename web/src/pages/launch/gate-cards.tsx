import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import type { Launch } from '../../api/client.generated.ts';
import { meQuery } from '../../api/me.ts';
import { ActionList } from '../../decide/action-list.tsx';
import { Outcome } from '../../decide/outcome.tsx';
import { inEnvironment, useGate } from '../../decide/use-gate.ts';
import type { LaunchPlace } from '../../decide/use-gate.ts';
import { Answer } from '../../kit/answer.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { LinkButton } from '../../kit/link-button.tsx';
import { Panel } from '../../kit/panel.tsx';
import styles from './launch.module.css';

type Gate = Pick<Launch['gates'][number], 'id' | 'title'>;

/** The decision about each gate in a line, or that there is none to decide. */
export function GateLines({ place, launch }: { place: LaunchPlace; launch: Launch }) {
  const t = useTranslations('launch');
  if (launch.gates.length === 0) {
    return (
      <>
        <p className={styles.strong}>{t('noGates')}</p>
        <p className={styles.muted}>{t('noGatesHint')}</p>
      </>
    );
  }
  return launch.gates.map(({ id, title }) => <GateLine key={id} place={place} gate={{ id, title }} />);
}

function GateLine({ place, gate: { id, title } }: { place: LaunchPlace; gate: Gate }) {
  const t = useTranslations('launch');
  const query = useGate({ ...place, gate: id });
  return (
    <Answer query={query} rows={2}>
      {({ outcome, shortestWay }) => (
        <div className={styles.gateLine} data-gate={id}>
          <span className={styles.outcome}>
            <Outcome of={outcome} />
          </span>
          <span className={styles.muted}>
            {title}: {shortestWay === null ? t('noWay') : t('way', { count: shortestWay.length })}
          </span>
        </div>
      )}
    </Answer>
  );
}

/** Each gate with the shortest way to GO, in the order of the document. */
export function GateCards({ place, launch }: { place: LaunchPlace; launch: Launch }) {
  return launch.gates.map(({ id, title }) => <GateCard key={id} place={place} launch={launch} gate={{ id, title }} />);
}

function GateCard({ place, launch, gate: { id, title } }: { place: LaunchPlace; launch: Launch; gate: Gate }) {
  const t = useTranslations('launch');
  const query = useGate({ ...place, gate: id });
  const { data: me } = useQuery(meQuery);
  const at = { launch: launch.id, gate: id };
  const toGate = (words: string) => (
    <LinkButton to="/launches/$launch/gates/$gate" params={at} search={inEnvironment(place)}>
      {words}
    </LinkButton>
  );
  return (
    <Panel title={title} aside={t('wayTo')} actions={toGate(t('openGate'))} flush>
      <Answer query={query}>
        {(page) =>
          page.shortestWay?.length === 0 ? (
            <EmptyState title={t('way', { count: 0 })}>
              <Outcome of={page.outcome} />
            </EmptyState>
          ) : (
            <ActionList
              scene={{ place: { ...place, gate: id }, page, launch, me: me?.identity?.person ?? null }}
              onVote={toGate(t('toVote'))}
            />
          )
        }
      </Answer>
    </Panel>
  );
}
