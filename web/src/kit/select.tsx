import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';

import styles from './field.module.css';
import { Icon } from './icon.tsx';
import popup from './menu.module.css';

/** One of several values, by name. `label` is shown above it, or, with `isLabelHidden`, only told to screen readers. */
export function Select<Id extends string>({
  label,
  isLabelHidden = false,
  options,
  value,
  onChange,
  isDisabled = false,
}: {
  label: string;
  isLabelHidden?: boolean;
  options: readonly { id: Id; name: string }[];
  /** Null where nothing was chosen yet. */
  value: Id | null;
  onChange: (value: Id) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaSelect
      className={styles.field ?? ''}
      isDisabled={isDisabled}
      value={value}
      onChange={(key) => {
        if (key !== null) onChange(key as Id);
      }}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {isLabelHidden ? null : <Label className={styles.label ?? ''}>{label}</Label>}
      <Button className={styles.trigger ?? ''}>
        <SelectValue />
        <Icon name="chevronDown" />
      </Button>
      <Popover className={popup.popover ?? ''}>
        <ListBox className={popup.menu ?? ''} items={options}>
          {({ id, name }) => (
            <ListBoxItem id={id} textValue={name} className={popup.item ?? ''}>
              {({ isSelected }) => (
                <>
                  <span className={popup.mark}>{isSelected ? <Icon name="check" /> : null}</span>
                  {name}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
