import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { listOwnRights, readDemo } from '../api/client.generated.ts';
import { meQuery } from '../api/me.ts';
import type { Identity } from '../api/client.generated.ts';
import { request } from '../api/request.ts';
import { Answer } from '../kit/answer.tsx';
import { Icon } from '../kit/icon.tsx';
import { Badge } from '../kit/status.tsx';
import { showToast } from '../kit/toast.tsx';
import styles from './account-panel.module.css';
import { becomePerson } from './become-person.ts';

/** Who is signed in, what they are here, and the ways on: settings, somebody else of the demo, out. */
export function AccountPanel({ identity, onClose }: { identity: Identity; onClose: () => void }) {
  const t = useTranslations('shell');
  const { name, email, person } = identity;
  return (
    <div className={styles.panel} role="group" aria-label={t('account', { name })}>
      <div className={styles.who}>
        <strong>{name}</strong>
        <span className={styles.muted}>{email}</span>
        <span className={styles.muted}>{person === null ? t('nobodyOf') : t('personOf', { person })}</span>
      </div>
      <RolesHere />
      <ul className={styles.list}>
        <li>
          <Link to="/settings" className={styles.item ?? ''} onClick={onClose}>
            <Icon name="settings" />
            {t('settings')}
          </Link>
        </li>
        <li>
          <SignOut />
        </li>
      </ul>
      <DemoPeople person={person} />
    </div>
  );
}

/** Roles in the launch that is open; in all where none is. */
function RolesHere() {
  const t = useTranslations('shell');
  const { launch } = useParams({ strict: false });
  const query = useQuery({ queryKey: ['me', 'rights'], queryFn: ({ signal }) => listOwnRights({ signal }) });
  return (
    <div className={styles.roles}>
      <Answer query={query} rows={1}>
        {({ items }) => {
          const here = items.filter((each) => launch === undefined || each.launch === launch);
          if (here.length === 0) return <span className={styles.muted}>{t('noRoles')}</span>;
          return here.map(({ launch: of, environment, roles }) => (
            <div key={`${of} ${environment}`} className={styles.place}>
              <span className={styles.muted}>{launch === undefined ? `${of}, ${environment}` : environment}</span>
              <span className={styles.badges}>
                {roles.map((role) => (
                  <Badge key={role}>{role}</Badge>
                ))}
              </span>
            </div>
          ));
        }}
      </Answer>
    </div>
  );
}

function SignOut() {
  const t = useTranslations('shell');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => request({ method: 'POST', path: '/api/auth/sign-out', body: {} }),
    onError: (error) => showToast('fail', t('signOutFailed', { reason: error.message })),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      // Whoever comes next on this machine may be somebody else.
      queryClient.clear();
    },
  });
  return (
    <button type="button" className={styles.item} aria-busy={signOut.isPending} onClick={() => signOut.mutate()}>
      <Icon name="leave" />
      {t('signOut')}
    </button>
  );
}

/** In the demo alone: anybody can be somebody else. Elsewhere nothing is shown. */
function DemoPeople({ person }: { person: string | null }) {
  const t = useTranslations('shell');
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({
    queryKey: ['demo', 'people'],
    queryFn: async ({ signal }) => (await readDemo({ signal })).people,
    enabled: me?.isDemo === true,
    staleTime: Infinity,
  });
  const change = useMutation({
    mutationFn: becomePerson,
    onError: (error) => showToast('fail', t('beFailed', { reason: error.message })),
    onSuccess: () => location.reload(),
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <div className={styles.demo}>
      <span className={styles.muted}>{t('beSomebody')}</span>
      <ul className={styles.list}>
        {data.map((each) => (
          <li key={each.person}>
            <button
              type="button"
              className={styles.item}
              aria-pressed={each.person === person}
              aria-busy={change.isPending && change.variables === each.person}
              onClick={() => change.mutate(each.person)}
            >
              <Icon name={each.person === person ? 'check' : 'user'} />
              <span>{each.name}</span>
              <span className={styles.muted}>{each.roles.join(', ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
