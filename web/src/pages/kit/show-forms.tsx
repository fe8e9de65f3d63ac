import { useState } from 'react';

import { Checkbox } from '../../kit/checkbox.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { Search } from '../../kit/search.tsx';
import { Select } from '../../kit/select.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { TextArea, TextField } from '../../kit/text-field.tsx';

/** Everything that can be filled in. */
export function Forms() {
  const [search, setSearch] = useState('');
  const [environment, setEnvironment] = useState<'staging' | 'production'>('production');
  return (
    <Stack>
      <Search label="Search steps" value={search} onChange={setSearch} />
      <TextField label="Candidate" help="Commit or version" defaultValue="2026.11.1" />
      <TextField label="Address" defaultValue="ftp:/x" error="expected a URL with https, got ftp" />
      <TextArea label="Reason" rows={2} />
      <Select
        label="Environment"
        value={environment}
        onChange={setEnvironment}
        options={[
          { id: 'staging', name: 'Staging' },
          { id: 'production', name: 'Production' },
        ]}
      />
      <Row>
        <Checkbox defaultSelected>Ask again after changes</Checkbox>
        <Checkbox isDisabled>Cannot be chosen</Checkbox>
      </Row>
      <Tabs
        label="Views"
        tabs={[
          { id: 'log', name: 'Log', children: 'What the step printed.' },
          { id: 'evidence', name: 'Evidence', aside: '4', children: 'What was seen.' },
        ]}
      />
    </Stack>
  );
}
