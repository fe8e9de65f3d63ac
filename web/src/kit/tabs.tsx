import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';

import { ErrorBoundary } from './error-boundary.tsx';
import styles from './tabs.module.css';

/** Several views of one thing, one at a time. Views of a page that deserve an address are routes, not tabs. */
export function Tabs<Id extends string>({
  label,
  tabs,
  selected,
  onSelect,
}: {
  label: string;
  tabs: readonly { id: Id; name: string; aside?: ReactNode; children: ReactNode }[];
  selected?: Id;
  onSelect?: (id: Id) => void;
}) {
  return (
    <AriaTabs
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(key) => onSelect?.(key as Id)}
    >
      <TabList aria-label={label} className={styles.list ?? ''}>
        {tabs.map(({ id, name, aside }) => (
          <Tab key={id} id={id} className={styles.tab ?? ''}>
            {name} {aside}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, name, children }) => (
        <TabPanel key={id} id={id} className={styles.panel ?? ''}>
          <ErrorBoundary name={name}>{children}</ErrorBoundary>
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
