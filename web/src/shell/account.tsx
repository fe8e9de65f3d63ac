import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { meQuery } from '../api/me.ts';
import { Icon } from '../kit/icon.tsx';
import { isOpenToStrangers } from './open-paths.ts';
import styles from './shell.module.css';

const AccountPanel = lazy(async () => ({ default: (await import('./account-panel.tsx')).AccountPanel }));

/** Who is signed in, and what they can do about it. Whoever is not signed in is led to where one signs in, or sets up. */
export function Account() {
  const t = useTranslations('shell');
  const { data, isError } = useQuery(meQuery);
  const [isOpen, setIsOpen] = useState(false);
  useWayIn(data);
  if (data === undefined) return isError ? <span className={styles.unknown}>{t('whoUnknown')}</span> : null;
  if (data.identity === null) return null;
  const close = (): void => setIsOpen(false);
  return (
    <div
      className={styles.account}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <button
        type="button"
        className={styles.who}
        aria-expanded={isOpen}
        aria-label={t('account', { name: data.identity.name })}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="user" />
        <span>{data.identity.name}</span>
        <Icon name="chevronDown" />
      </button>
      {isOpen ? (
        <Suspense fallback={null}>
          <AccountPanel identity={data.identity} onClose={close} />
        </Suspense>
      ) : null}
    </div>
  );
}

function useWayIn(me: { identity: unknown; setupOpen: boolean } | undefined): void {
  const navigate = useNavigate();
  const isStranger = me !== undefined && me.identity === null;
  const isNew = me?.setupOpen === true;
  useEffect(() => {
    if (!isStranger) return;
    const { pathname, search } = globalThis.location;
    if (isOpenToStrangers(pathname)) return;
    void navigate(isNew ? { to: '/setup' } : { to: '/sign-in', search: { next: pathname + search } });
  }, [isStranger, isNew, navigate]);
}
