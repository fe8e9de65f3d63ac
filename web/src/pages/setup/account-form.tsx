import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useTranslations } from 'use-intl/react';

import { signInWithPassword } from '../../api/auth.ts';
import { completeSetup } from '../../api/client.generated.ts';
import type { CompleteSetupAnswer, ListSetupPeopleAnswer } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { ErrorState } from '../../kit/error-state.tsx';
import { Select } from '../../kit/select.tsx';
import { TextField } from '../../kit/text-field.tsx';
import { bareStyles } from '../../shell/bare-page.tsx';
import { useTry } from '../../kit/use-try.ts';

const nobody = '';

interface Props {
  code: string;
  people: ListSetupPeopleAnswer;
  onMade: (made: CompleteSetupAnswer) => void;
}

/** Who the first account is, and its password; whoever makes it is signed in with it. */
export function AccountForm({ code, people, onMade }: Props) {
  const t = useTranslations('setup');
  const [person, setPerson] = useState<string | null>(null);
  const [wish, setWish] = useState({ name: '', email: '', password: '', again: '' });
  const { error, isPending, attempt } = useTry();
  const { name, email, password, again } = wish;
  const isReady = person !== null && name.trim() !== '' && email.trim() !== '' && password !== '' && password === again;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const body = { code, name: name.trim(), email: email.trim(), password, person: person === nobody ? null : person };
    attempt(async () => {
      const made = await completeSetup({ body });
      await signInWithPassword(made.email, password);
      onMade(made);
    });
  };
  const choose = (id: string): void => {
    setPerson(id);
    const known = people.items.find((each) => each.person === id);
    if (known && (name === '' || people.items.some((each) => each.name === name)))
      setWish({ ...wish, name: known.name });
  };
  return (
    <form onSubmit={submit} className={bareStyles.form}>
      <People people={people} person={person} onChoose={choose} />
      <TextField
        label={t('name')}
        autoComplete="name"
        value={name}
        onChange={(text) => setWish({ ...wish, name: text })}
        isRequired
      />
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        value={email}
        onChange={(text) => setWish({ ...wish, email: text })}
        isRequired
      />
      <Passwords wish={wish} onChange={(typed) => setWish({ ...wish, ...typed })} />
      {error === null ? null : <ErrorState error={error} />}
      <Button type="submit" look="primary" isPending={isPending} isDisabled={!isReady}>
        {t('verb')}
      </Button>
    </form>
  );
}

function People({
  people,
  person,
  onChoose,
}: {
  people: ListSetupPeopleAnswer;
  person: string | null;
  onChoose: (person: string) => void;
}) {
  const t = useTranslations('setup');
  const options = people.items.map(({ person: id, name, launches }) => ({
    id,
    name: `${name} (${id}, ${launches.join(', ')})`,
  }));
  return (
    <>
      <Select
        label={t('person')}
        value={person}
        onChange={onChoose}
        options={[...options, { id: nobody, name: t('noPerson') }]}
      />
      {person === nobody ? <p className={bareStyles.note}>{t('noPersonHint')}</p> : null}
      {people.unreadable.length === 0 ? null : (
        <p className={bareStyles.note}>{t('unreadable', { launches: people.unreadable.join(', ') })}</p>
      )}
    </>
  );
}

interface Typed {
  password: string;
  again: string;
}

function Passwords({
  wish: { password, again },
  onChange,
}: {
  wish: Typed;
  onChange: (typed: Partial<Typed>) => void;
}) {
  const t = useTranslations('setup');
  return (
    <>
      <TextField
        label={t('password')}
        help={t('passwordHelp')}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(text) => onChange({ password: text })}
        isRequired
      />
      <TextField
        label={t('again')}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={(text) => onChange({ again: text })}
        error={again !== '' && again !== password ? t('differ') : null}
        isRequired
      />
    </>
  );
}
