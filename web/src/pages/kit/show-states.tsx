import { useState } from 'react';

import { ApiError } from '../../api/api-error.ts';
import { Banner } from '../../kit/banner.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ErrorState, Unavailable } from '../../kit/error-state.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Stack } from '../../kit/page.tsx';
import { SplitView } from '../../kit/split-view.tsx';
import { StaleBanner } from '../../kit/stale-banner.tsx';

/** What everybody has to know first. */
export function Holds() {
  return (
    <Stack>
      <Banner tone="held" icon="held" title="Held" actions={<Button>Resume</Button>}>
        since 4 min by ana: database team is not ready
      </Banner>
      <Banner tone="fail" icon="warning" title="Exception in force">
        Break-glass grant of ben until 23:00 UTC
      </Banner>
      <StaleBanner sinceMs={Date.UTC(2026, 10, 21, 20)} onRetry={() => undefined} />
    </Stack>
  );
}

/** States of an answer. */
export function States() {
  return (
    <Stack>
      <SplitView
        isDetailOpen
        list={<EmptyState title="No run yet">Order one from the launch.</EmptyState>}
        detail={<Loading />}
      />
      <Unavailable detail="the server did not answer" onRetry={() => undefined} />
      <ErrorState error={problem} onRetry={() => undefined} />
    </Stack>
  );
}

const problem = new ApiError({
  title: 'permission denied',
  status: 403,
  detail: 'run.start in production: expected operator or above, got viewer',
  hint: 'ask a lead of this launch: ana or chi',
  code: 'permission_denied',
  requestId: 'req-80',
  current: null,
  retryAfterS: null,
});

/** Breaks when it is asked to. */
export function Broken() {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) throw new Error('figure 7: expected a number, got "n/a"');
  return <Button onPress={() => setIsBroken(true)}>Break this part</Button>;
}
