import { CodeBlock } from '../../kit/code-block.tsx';
import { useNow } from '../../kit/clock.ts';
import { Countdown } from '../../kit/countdown.tsx';
import { Diff } from '../../kit/diff.tsx';
import { Duration } from '../../kit/duration.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Row, Stack } from '../../kit/page.tsx';
import { Progress } from '../../kit/progress.tsx';
import { Badge, Status } from '../../kit/status.tsx';
import type { StatusName } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import { Tree } from '../../kit/tree.tsx';

const names: readonly StatusName[] = [
  'go',
  'goWithConditions',
  'noGo',
  'pass',
  'fail',
  'unknown',
  'waiting',
  'running',
  'held',
  'done',
  'skipped',
  'undoing',
  'overdue',
  'stale',
  'waived',
  'dead',
];

/** States and marks. */
export function Statuses() {
  return (
    <Stack>
      <div>
        <Status of="warning">
          A sentence of usual length in the place of the word, which wraps where there is no room
        </Status>
      </div>
      <Row>
        {names.map((name) => (
          <Status key={name} of={name} />
        ))}
      </Row>
      <Row>
        <Badge>production</Badge>
        <Badge tone="fail">3 overdue</Badge>
        <Badge tone="held">exception</Badge>
      </Row>
      <Progress label="Steps done" done={37} total={112} />
    </Stack>
  );
}

const t0Ms = Date.UTC(2026, 10, 21, 22);

/** What counts and what tells the time. */
export function Times() {
  const now = useNow();
  return (
    <Stack>
      <Countdown count={{ kind: 'moving', t0Ms: now + 3_723_000 }} />
      <Countdown
        count={{ kind: 'held', offsetMs: -600_000, sinceMs: now - 83_000, reason: 'waiting for the database team' }}
      />
      <KeyValues
        items={[
          { name: 'T-0', value: <Time at={t0Ms} /> },
          { name: 'Way back takes', value: <Duration ms={754_000} /> },
          { name: 'Plan hash', value: <code>9f2c51ab77e0d4431a90be6640c3d2f18855f3a1c7e2b9d06a4f8e1b2c3d4e5f</code> },
        ]}
      />
    </Stack>
  );
}

const before = 'owner: ana\nretries: 3\ntimeout: 30 s\n';
const after = 'owner: ana\nretries: 5\ntimeout: 30 s\nalert: pager\n';

/** Text as it is, what changed, and reasons. */
export function Texts() {
  return (
    <Stack>
      <CodeBlock label="SQL" text={'select count(*)\nfrom orders\nwhere imported_at is null;'} isNumbered />
      <Diff label="Change of the document" before={before} after={after} />
      <Tree
        label="Why"
        nodes={[
          {
            id: 'gate',
            title: <Status of="noGo">Go/no-go is NO-GO</Status>,
            aside: '1 of 3',
            isOpen: true,
            children: [
              { id: 'a', title: <Status of="met">Backup restored</Status>, aside: '2 h' },
              {
                id: 'b',
                title: <Status of="stale">Load test</Status>,
                aside: '9 d',
                detail: 'Evidence of another candidate. Run check load-test again: ana or ben can.',
              },
            ],
          },
        ]}
      />
    </Stack>
  );
}
