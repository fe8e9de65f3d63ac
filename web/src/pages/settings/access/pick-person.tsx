import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';

import { listGrants, listLaunches } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Select } from '../../../kit/select.tsx';

const nobody = '';

/** Chooses a human of the launches that can be read; null for nobody. */
export function PickPerson({ value, onChange }: { value: string | null; onChange: (person: string | null) => void }) {
  const t = useTranslations('settings.people');
  const query = useQuery({ queryKey: ['launches', 'people'], queryFn: ({ signal }) => readPeople(signal) });
  return (
    <Answer query={query} rows={1}>
      {(people) => (
        <Select
          label={t('invitePerson')}
          value={value ?? nobody}
          onChange={(id) => onChange(id === nobody ? null : id)}
          options={[{ id: nobody, name: t('noPerson') }, ...people]}
        />
      )}
    </Answer>
  );
}

async function readPeople(signal: AbortSignal): Promise<{ id: string; name: string }[]> {
  const { items } = await listLaunches({ signal });
  const readable = items.filter(({ trouble }) => trouble === null);
  const all = await Promise.all(readable.map(({ id }) => listGrants({ launch: id }, { signal })));
  const humans = all.flatMap(({ people }) => people.filter(({ automation }) => !automation));
  return [...new Map(humans.map(({ id, name }) => [id, { id, name: `${name} (${id})` }])).values()];
}
