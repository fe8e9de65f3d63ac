import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import type { KeyDeclaration, Passkey } from '../../../api/client.generated.ts';
import { Answer } from '../../../kit/answer.tsx';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { Disclosure } from '../../../kit/disclosure.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { Status } from '../../../kit/status.tsx';
import styles from '../settings.module.css';
import { KeyFile } from './key-file.tsx';
import { passkeysQuery } from './passkeys-panel.tsx';
import { toPersonLine } from './to-person-line.ts';

/** With which key the caller signs in each launch, and what to write into its document to sign with another. */
export function KeysPanel() {
  const t = useTranslations('settings.keys');
  const query = useQuery(passkeysQuery);
  return (
    <Panel title={t('title')}>
      <div className={styles.part}>
        <p className={styles.why}>{t('why')}</p>
        <Answer query={query}>
          {({ items, declared }) =>
            declared.length === 0 ? (
              <EmptyState title={t('none')} />
            ) : (
              <ul className={styles.list}>
                {declared.map((each) => (
                  <Declared key={each.launch} declared={each} passkeys={items} />
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
    </Panel>
  );
}

function Declared({ declared, passkeys }: { declared: KeyDeclaration; passkeys: readonly Passkey[] }) {
  const { launch, title, key } = declared;
  const others = passkeys.filter((passkey) => passkey.key !== null && passkey.key !== key);
  return (
    <li className={styles.entry}>
      <div className={styles.grow}>
        <strong title={launch}>{title}</strong>
        <div>
          <KeyKind declared={declared} passkeys={passkeys} />
        </div>
        {key?.startsWith('ed25519:') === true ? <KeyFile person={declared.person} declaredKey={key} /> : null}
        {others.map((passkey) => (
          <Line key={passkey.id} declared={declared} passkey={passkey} />
        ))}
      </div>
    </li>
  );
}

function KeyKind({ declared: { key }, passkeys }: { declared: KeyDeclaration; passkeys: readonly Passkey[] }) {
  const t = useTranslations('settings.keys');
  if (key === null) return <Status of="missing">{t('nothing')}</Status>;
  if (!key.startsWith('webauthn-')) return <span className={styles.muted}>{t('file')}</span>;
  const own = passkeys.find((passkey) => passkey.key === key);
  if (own) return <Status of="pass">{t('ownPasskey', { name: own.name ?? '' })}</Status>;
  return <Status of="warning">{t('otherPasskey')}</Status>;
}

function Line({ declared, passkey }: { declared: KeyDeclaration; passkey: Passkey }) {
  const t = useTranslations('settings.keys');
  const { launch, document } = declared;
  const text = toPersonLine({ ...declared, key: passkey.key ?? '' });
  return (
    <Disclosure title={t('lineOf', { name: passkey.name ?? '', document })}>
      <div className={styles.form}>
        <CodeBlock label={t('line', { launch })} text={text} />
        <Link to="/launches/$launch/documents/$" params={{ launch, _splat: document }}>
          {t('open')}
        </Link>
      </div>
    </Disclosure>
  );
}
