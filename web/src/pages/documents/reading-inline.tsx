import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import type { ReadingNode } from '../../api/client.generated.ts';
import { Icon } from '../../kit/icon.tsx';
import { toSafeLink } from '../../kit/to-safe-link.ts';
import styles from './documents.module.css';
import { useReading } from './reading-context.ts';

/** What stands within a line. */
export function Inline({ nodes }: { nodes: readonly ReadingNode[] }): ReactNode {
  // oxlint-disable-next-line react/no-array-index-key -- a document is drawn whole, and never reordered
  return nodes.map((node, index) => <One key={index} node={node} />);
}

function One({ node }: { node: ReadingNode }): ReactNode {
  const { text = '', children = [] } = node;
  switch (node.type) {
    case 'text':
      return text;
    case 'attributes':
      return <code className={styles.attributes}> {text}</code>;
    case 'inlineCode':
    case 'markup':
      return <code>{text}</code>;
    case 'emphasis':
      return <em>{<Inline nodes={children} />}</em>;
    case 'strong':
      return <strong>{<Inline nodes={children} />}</strong>;
    case 'delete':
      return <del>{<Inline nodes={children} />}</del>;
    case 'break':
      return <br />;
    case 'link':
      return <ReadingLink node={node} />;
    case 'image':
      return <Picture node={node} />;
    default:
      return <Inline nodes={children} />;
  }
}

/** The API lets only harmless targets pass; what is drawn is looked at once more, by the rule of the kit. */
function ReadingLink({ node: { to, children = [] } }: { node: ReadingNode }) {
  const t = useTranslations('documents');
  const { launch } = useReading();
  const inner = <Inline nodes={children} />;
  if (to?.kind === 'document')
    return (
      <Link to="/launches/$launch/documents/$" params={{ launch, _splat: to.value }} hash={to.fragment}>
        {inner}
      </Link>
    );
  if (to?.kind === 'anchor') return <a href={`#${encodeURIComponent(to.fragment)}`}>{inner}</a>;
  const address = to?.kind === 'external' ? toSafeLink(to.value) : null;
  if (address === null) return inner;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" title={t('external')}>
      {inner}
      <Icon name="external" className={styles.external} />
    </a>
  );
}

/** Pictures of the repository come through the API; those of elsewhere are named and not fetched: fetching tells who reads what (A20). */
function Picture({ node: { to, text = '' } }: { node: ReadingNode }) {
  const t = useTranslations('documents');
  const { launch } = useReading();
  if (to?.kind === 'file') {
    const address = `/api/launches/${encodeURIComponent(launch)}/picture?path=${encodeURIComponent(to.value)}`;
    return <img className={styles.picture} src={address} alt={text} loading="lazy" />;
  }
  const address = to?.kind === 'external' ? toSafeLink(to.value) : null;
  const words = t('hiddenPicture', { alt: text });
  if (address === null) return <span className={styles.muted}>{words}</span>;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" title={t('external')}>
      {words}
      <Icon name="external" className={styles.external} />
    </a>
  );
}
