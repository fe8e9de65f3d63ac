import { useState } from 'react';

import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { IconButton } from '../../kit/icon-button.tsx';
import { LinkButton } from '../../kit/link-button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Row } from '../../kit/page.tsx';
import { showToast } from '../../kit/toast.tsx';
import { Tooltip } from '../../kit/tooltip.tsx';
import { ApiError } from '../../api/api-error.ts';

/** Everything that can be pressed. */
export function Windows() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Row>
      <Button look="primary" icon="go" onPress={() => setIsOpen(true)}>
        Start the run
      </Button>
      <Button icon="held" onPress={() => showToast('pass', 'The run is held')}>
        Hold
      </Button>
      <Button look="danger" onPress={() => showToast('fail', 'The server refused: somebody was faster')}>
        Cancel the run
      </Button>
      <Button isDisabled>Disabled</Button>
      <Button isPending>Pending</Button>
      <LinkButton to="/" icon="home">
        Home
      </LinkButton>
      <Tooltip text="Reads everything again">
        <IconButton icon="refresh" label="Refresh" />
      </Tooltip>
      <Menu
        label="Actions"
        actions={[
          { id: 'skip', name: 'Skip', icon: 'skipped', onAction: () => undefined },
          { id: 'undo', name: 'Undo', icon: 'undo', blocked: 'nothing took effect yet', onAction: () => undefined },
          { id: 'cancel', name: 'Cancel', icon: 'close', isDangerous: true, onAction: () => undefined },
        ]}
      >
        <IconButton icon="more" label="More actions" />
      </Menu>
      <ConfirmDialog
        title="Start the run?"
        verb="Start the run"
        reasonLabel="Reason"
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onConfirm={() => Promise.reject(conflict)}
      >
        112 steps will run in production. 3 of them cannot be undone.
      </ConfirmDialog>
    </Row>
  );
}

const conflict = new ApiError({
  title: 'version conflict',
  status: 409,
  detail: 'run R-12: expected version a1, got b2',
  hint: 'read it again, look at what changed, and decide again; nothing was written',
  code: 'version_conflict',
  requestId: 'req-7f',
  current: 'b2',
  retryAfterS: null,
});
