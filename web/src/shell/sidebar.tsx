import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl/react';

import { meQuery } from '../api/me.ts';
import { Icon } from '../kit/icon.tsx';
import { demoPlace, launchPlaces, places } from './navigation.ts';
import styles from './shell.module.css';

/** Where one can go: the places of the launch that is open, and those of the installation. A bar at the bottom of a phone. */
export function Sidebar() {
  const t = useTranslations('shell');
  const { launch } = useParams({ strict: false });
  const { data: me } = useQuery(meQuery);
  const own = me?.isDemo === true ? [...places, demoPlace] : places;
  const bar = useRef<HTMLElement>(null);
  const pathname = useLocation({ select: (location) => location.pathname });
  // On a phone the bar is wider than the screen: where one is has to be seen in it.
  useEffect(() => {
    bar.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <nav ref={bar} className={styles.sidebar} aria-label={t('navigation')}>
      <ul className={styles.places}>
        {places.slice(0, 1).map((place) => (
          <Place key={place.to} {...place} />
        ))}
        {launch === undefined ? null : <LaunchPlaces launch={launch} />}
        {own.slice(1).map((place) => (
          <Place key={place.to} {...place} className={styles.installation} />
        ))}
      </ul>
    </nav>
  );
}

function Place({
  to,
  name,
  icon,
  className,
}: (typeof places | (typeof demoPlace)[])[number] & { className?: string | undefined }) {
  const t = useTranslations('shell');
  return (
    <li className={className}>
      <Link to={to} className={styles.place ?? ''} activeOptions={{ exact: to === '/' }}>
        <Icon name={icon} />
        <span>{t(name)}</span>
      </Link>
    </li>
  );
}

function LaunchPlaces({ launch }: { launch: string }) {
  const t = useTranslations('shell');
  return (
    <li className={styles.group}>
      <span className={styles.groupName}>{launch}</span>
      <ul className={styles.places} aria-label={t('launchNavigation', { launch })}>
        {launchPlaces.map(({ to, name, icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ launch }}
              className={styles.place ?? ''}
              activeOptions={{ exact: name === 'overview' }}
            >
              <Icon name={icon} />
              <span>{t(name)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}
