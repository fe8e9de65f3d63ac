import { useQuery } from '@tanstack/react-query';

import { meQuery } from '../../../api/me.ts';
import { Answer } from '../../../kit/answer.tsx';
import { Columns, Stack } from '../../../kit/page.tsx';
import { DisplayPanel } from './display-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { MePanel } from './me-panel.tsx';
import { PasskeysPanel } from './passkeys-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { TotpPanel } from './totp-panel.tsx';

/** One's own account: who one is, how it is opened, and with which key one signs. */
export function AccountTab() {
  const me = useQuery(meQuery);
  return (
    <Answer query={me}>
      {({ identity }) =>
        identity === null ? null : (
          <Columns>
            <Stack>
              <MePanel identity={identity} />
              <KeysPanel />
              <DisplayPanel />
            </Stack>
            <Stack>
              <PasskeysPanel />
              <TotpPanel identity={identity} />
              <PasswordPanel />
              <HistoryPanel />
            </Stack>
          </Columns>
        )
      }
    </Answer>
  );
}
