import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { giveGrant } from '../../../api/client.generated.ts';
import type { GiveGrantBody, Grant, ListGrantsAnswer } from '../../../api/client.generated.ts';
import { meQuery } from '../../../api/me.ts';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { useNow } from '../../../kit/clock.ts';
import { Select } from '../../../kit/select.tsx';
import { TextArea } from '../../../kit/text-field.tsx';
import { showToast } from '../../../kit/toast.tsx';
import { DeedDialog } from '../deed-dialog.tsx';
import styles from '../settings.module.css';

const hourMs = 3_600_000;
/** Hours of an ordinary right; 0 for no end. */
const lives = ['0', '4', '12', '24', '168', '720'] as const;
type Life = (typeof lives)[number];
/** A right by broken glass ends by itself: alone after one hour, by two after four. */
const glassHours = { alone: 1, confirmed: 4 };

interface Wish {
  holder: string | null;
  /** Id of an own right that is passed on; null for a new one. */
  passes: string | null;
  role: GiveGrantBody['role'];
  environment: string;
  life: Life;
  breakGlass: boolean;
  reason: string;
}

/** Gives a right, or breaks the glass in an emergency. Who may do which is decided by the server, and written down either way. */
export function GiveRight({
  launch,
  rights,
  onClose,
}: {
  launch: string;
  rights: ListGrantsAnswer;
  onClose: () => void;
}) {
  const t = useTranslations('settings.rights');
  const queryClient = useQueryClient();
  const nowMs = useNow();
  const { data: me } = useQuery(meQuery);
  const [wish, setWish] = useState<Wish>({
    holder: null,
    passes: null,
    role: 'operator',
    environment: rights.environments[0] ?? '',
    life: '0',
    breakGlass: false,
    reason: '',
  });
  const give = async (): Promise<void> => {
    await giveGrant({ launch, body: toBody(wish, { nowMs, own: me?.identity?.person ?? null }) });
    showToast('pass', t('given'));
    await queryClient.invalidateQueries({ queryKey: ['launches', launch, 'grants'] });
  };
  return (
    <DeedDialog
      title={t('give')}
      verb={wish.breakGlass ? t('breakVerb') : t('giveVerb')}
      isDangerous={wish.breakGlass}
      isReady={wish.holder !== null && wish.reason.trim().length >= 3}
      onClose={onClose}
      deed={give}
    >
      <Fields
        wish={wish}
        rights={rights}
        own={rights.items.filter((grant) => isOwn(grant, me?.identity?.person ?? null))}
        onChange={(part) => setWish({ ...wish, ...part })}
      />
    </DeedDialog>
  );
}

/** Only a right that somebody holds in person, now, can be passed on. */
function isOwn({ holder, fault, breakGlass }: Grant, person: string | null): boolean {
  return holder.kind === 'person' && holder.id === person && fault === null && breakGlass === null;
}

interface FieldsProps {
  wish: Wish;
  rights: ListGrantsAnswer;
  own: readonly Grant[];
  onChange: (part: Partial<Wish>) => void;
}

function Fields({ wish, rights, own, onChange }: FieldsProps) {
  const t = useTranslations('settings.rights');
  const people = rights.people.map(({ id, name }) => ({ id: `person ${id}`, name: `${name} (${id})` }));
  const groups = rights.groups.map(({ id }) => ({ id: `group ${id}`, name: t('group', { id }) }));
  const nameOf = (life: Life): string => {
    const hours = Number(life);
    if (hours === 0) return t('forever');
    return hours < 48 ? t('hours', { hours }) : t('days', { days: hours / 24 });
  };
  return (
    <>
      <Select
        label={t('holder')}
        value={wish.holder}
        onChange={(holder) => onChange({ holder })}
        options={[...people, ...groups]}
      />
      {own.length === 0 || wish.breakGlass ? null : <PassOn wish={wish} own={own} onChange={onChange} />}
      <Select
        label={t('role')}
        isDisabled={wish.passes !== null}
        value={wish.role}
        onChange={(role) => onChange({ role })}
        options={rights.roles.map((id) => ({ id, name: id }))}
      />
      <Select
        label={t('environment')}
        isDisabled={wish.passes !== null}
        value={wish.environment}
        onChange={(environment) => onChange({ environment })}
        options={rights.environments.map((id) => ({ id, name: id }))}
      />
      <Checkbox isSelected={wish.breakGlass} onChange={(breakGlass) => onChange({ breakGlass, passes: null })}>
        {t('breakIt')}
      </Checkbox>
      {wish.breakGlass ? (
        <p className={styles.why}>{t('breakWhy')}</p>
      ) : (
        <Select
          label={t('life')}
          value={wish.life}
          onChange={(life) => onChange({ life })}
          options={lives.map((id) => ({ id, name: nameOf(id) }))}
        />
      )}
      <TextArea
        label={t('reason')}
        help={t('reasonHelp')}
        value={wish.reason}
        onChange={(reason) => onChange({ reason })}
        rows={2}
        isRequired
      />
    </>
  );
}

/** A right that is passed on is what it is: role and environment follow it, and its end bounds it. */
function PassOn({ wish, own, onChange }: Pick<FieldsProps, 'wish' | 'own' | 'onChange'>) {
  const t = useTranslations('settings.rights');
  const options = own.map(({ id, role, environment }) => ({ id, name: t('passOne', { role, environment }) }));
  const choose = (id: string): void => {
    const grant = own.find((one) => one.id === id);
    onChange(grant ? { passes: id, role: grant.role, environment: grant.environment } : { passes: null });
  };
  return (
    <Select
      label={t('passOn')}
      value={wish.passes ?? 'new'}
      onChange={choose}
      options={[{ id: 'new', name: t('passNone') }, ...options]}
    />
  );
}

function toBody(wish: Wish, { nowMs, own }: { nowMs: number; own: string | null }): GiveGrantBody {
  const [kind, id = ''] = (wish.holder ?? '').split(/ (.*)/u);
  const glass = id === own ? glassHours.alone : glassHours.confirmed;
  const hours = wish.breakGlass ? glass : Number(wish.life);
  return {
    holder: { kind: kind === 'group' ? 'group' : 'person', id },
    role: wish.role,
    environment: wish.environment,
    // A minute less: it counts from the moment at which the server writes it, by its clock.
    expiresAt: hours === 0 ? null : new Date(nowMs + hours * hourMs - 60_000).toISOString(),
    delegates: wish.passes,
    breakGlass: wish.breakGlass,
    reason: wish.reason.trim(),
  };
}
