import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { AcceptanceAct, AcceptancePass } from '../../api/client.generated.ts';
import { Button } from '../../kit/button.tsx';
import { Progress } from '../../kit/progress.tsx';
import { Status } from '../../kit/status.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './acceptance.module.css';
import { SignPass } from './sign-pass.tsx';

/** A pass that its person has open: what was found of it, where the rest is done, and the signature once all is there. */
export function OwnPass({ pass }: { pass: AcceptancePass }) {
  const t = useTranslations('acceptance');
  const [isSigning, setIsSigning] = useState(false);
  const { acts, isComplete } = pass;
  return (
    <>
      <ol className={styles.acts}>
        {acts.map((act) => (
          <Act key={act.action} launch={pass.launch} act={act} />
        ))}
      </ol>
      <div className={styles.foot}>
        <span className={styles.muted}>
          {t('inEnvironment', { environment: pass.environment })} <Time at={pass.startedAt} short />
        </span>
        <Progress label={t('progress')} done={acts.filter(({ done }) => done !== null).length} total={acts.length} />
        {isComplete ? (
          <Button look="primary" icon="key" onPress={() => setIsSigning(true)}>
            {t('sign')}
          </Button>
        ) : null}
      </div>
      {isSigning ? <SignPass pass={pass} onClose={() => setIsSigning(false)} /> : null}
    </>
  );
}

function Act({ launch, act: { action, done } }: { launch: string; act: AcceptanceAct }) {
  const t = useTranslations('acceptance');
  return (
    <li className={styles.act}>
      <Status of={done === null ? 'open' : 'done'}>{t(done === null ? 'open' : 'done')}</Status>
      <span className={styles.name}>{t(`action.${action}`)}</span>
      {done === null ? (
        <Where launch={launch} action={action} />
      ) : (
        <span className={styles.muted}>
          {done.how === null ? null : `${t(`how.${done.how}`)} `}
          {t('shown', { ref: done.ref })} <Time at={done.at} short />
        </span>
      )}
    </li>
  );
}

/** Where an action is done; what is done there is found by the server, and by nobody's word. */
function Where({ launch, action }: { launch: string; action: AcceptanceAct['action'] }) {
  const t = useTranslations('acceptance.go');
  if (action === 'sign-in')
    return (
      <Link to="/sign-in" search={{ next: `/launches/${encodeURIComponent(launch)}/acceptance` }}>
        {t(action)}
      </Link>
    );
  if (action === 'use-document')
    return (
      <Link to="/launches/$launch/documents" params={{ launch }}>
        {t(action)}
      </Link>
    );
  return <Link to="/">{t(action)}</Link>;
}
