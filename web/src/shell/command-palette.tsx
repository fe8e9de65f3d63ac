import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete';
import { Dialog } from 'react-aria-components/Dialog';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslations } from 'use-intl/react';

import dialog from '../kit/dialog.module.css';
import field from '../kit/field.module.css';
import { Icon } from '../kit/icon.tsx';
import type { IconName } from '../kit/icon.tsx';
import menu from '../kit/menu.module.css';
import styles from './command-palette.module.css';
import { readCommands } from './commands.ts';
import { launchPlaces, places } from './navigation.ts';

interface Entry {
  id: string;
  name: string;
  icon: IconName;
  run: () => void;
}

/** Everywhere one can go and everything that the page offers, by typing a few letters of it. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('shell.commands');
  const entries = useEntries();
  const [text, setText] = useState('');
  const { contains } = useFilter({ sensitivity: 'base' });
  return (
    <ModalOverlay className={dialog.overlay ?? ''} isOpen isDismissable onOpenChange={onClose}>
      <Modal className={dialog.modal ?? ''}>
        <Dialog aria-label={t('open')} className={styles.palette ?? ''}>
          <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
            <SearchField aria-label={t('placeholder')} autoFocus className={styles.search ?? ''}>
              <Input className={field.input ?? ''} placeholder={t('placeholder')} />
            </SearchField>
            <Menu
              aria-label={t('open')}
              className={styles.list ?? ''}
              renderEmptyState={() => <p className={styles.none}>{t('none')}</p>}
            >
              {entries.map(({ id, name, icon, run }) => (
                <MenuItem
                  key={id}
                  id={id}
                  textValue={name}
                  className={menu.item ?? ''}
                  onAction={() => {
                    onClose();
                    run();
                  }}
                >
                  <Icon name={icon} />
                  {name}
                </MenuItem>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function useEntries(): Entry[] {
  const t = useTranslations('shell');
  const navigate = useNavigate();
  const { launch } = useParams({ strict: false });
  const ofLaunch = launch === undefined ? [] : launchPlaces;
  return [
    ...readCommands().map(({ id, name, run }): Entry => ({ id, name, icon: 'go', run })),
    ...ofLaunch.map(({ to, name, icon }): Entry => ({
      id: to,
      name: `${launch}: ${t(name)}`,
      icon,
      run: () => void navigate({ to, params: { launch: launch ?? '' } }),
    })),
    ...places.map(({ to, name, icon }): Entry => ({ id: to, name: t(name), icon, run: () => void navigate({ to }) })),
  ];
}
