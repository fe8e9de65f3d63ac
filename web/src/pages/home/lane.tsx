import { useTranslations } from 'use-intl/react';

import type { HomeItem, LaneCount } from '../../api/client.generated.ts';
import { useNow } from '../../kit/clock.ts';
import { Disclosure } from '../../kit/disclosure.tsx';
import { formatDuration } from '../../kit/format-duration.ts';
import { Panel } from '../../kit/panel.tsx';
import { Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import styles from './home.module.css';
import { PlaceLink } from './place-link.tsx';

const looks: Record<LaneCount['lane'], StatusName> = {
  'at-risk': 'warning',
  overdue: 'overdue',
  'follow-up': 'held',
  today: 'ready',
  'missing-proof': 'missing',
  approval: 'open',
  waiting: 'waiting',
};

/** One lane with all of its items, none left out. A lane that has none is not drawn, unless a source of it did not answer. */
export function Lane({ lane: { lane, count, unavailable }, items }: { lane: LaneCount; items: readonly HomeItem[] }) {
  const t = useTranslations('home');
  if (count === 0 && unavailable.length === 0) return null;
  const isWhole = unavailable.length === 0;
  const list = (
    <ul className={styles.items} aria-label={t(`lane.${lane}`)}>
      {items.map((item) => (
        <Item key={item.key} item={item} />
      ))}
    </ul>
  );
  const aside = isWhole ? (
    <Status of={looks[lane]}>{count}</Status>
  ) : (
    <Status of="unknown">{t('atLeast', { count })}</Status>
  );
  return (
    <Panel title={t(`lane.${lane}`)} aside={aside} flush>
      {lane === 'waiting' ? (
        <div className={styles.folded}>
          <Disclosure title={t('showAll', { count })}>{list}</Disclosure>
        </div>
      ) : (
        list
      )}
    </Panel>
  );
}

function Item({ item }: { item: HomeItem }) {
  const t = useTranslations('home');
  const { lane, launch, title, why, who, mine, next, place } = item;
  const isPrimary = mine && lane !== 'waiting';
  return (
    <li className={styles.item}>
      <span className={styles.words}>
        <span className={styles.title}>{title}</span>
        <span className={styles.why}>{why}</span>
        <span className={styles.facts}>
          {launch === null ? null : <span>{launch}</span>}
          <When item={item} />
          <span>{who.length === 0 ? t('anybody') : t('for', { who: who.join(', ') })}</span>
        </span>
      </span>
      <PlaceLink
        place={place}
        label={t('open', { next: t(`next.${next}`), title })}
        look={isPrimary ? 'plain' : 'quiet'}
      >
        {t(`next.${next}`)}
      </PlaceLink>
    </li>
  );
}

/** Until when, or since when, and what happens then. */
function When({ item: { untilMs, sinceMs, onLimit } }: { item: HomeItem }) {
  const t = useTranslations('home');
  const now = useNow();
  if (untilMs !== null) {
    const leftMs = untilMs - now;
    const text =
      leftMs <= 0
        ? t('overdueSince', { time: formatDuration(-leftMs) })
        : t('inTime', { time: formatDuration(leftMs) });
    return (
      <time dateTime={new Date(untilMs).toISOString()} title={new Date(untilMs).toISOString()}>
        {text}
        {onLimit === null ? null : `, ${t('after', { what: onLimit })}`}
      </time>
    );
  }
  if (sinceMs === null) return null;
  return (
    <time dateTime={new Date(sinceMs).toISOString()}>
      {t('since', { time: formatDuration(Math.max(0, now - sinceMs)) })}
    </time>
  );
}
