import { accessMessages } from './access/messages.ts';
import { accountMessages } from './account/messages.ts';
import { noticeMessages } from './notices/messages.ts';

/** Texts of this page. */
export const messages = {
  title: 'Settings',
  tabs: 'Settings',
  tab: {
    account: 'My account',
    sessions: 'Sessions',
    tokens: 'API tokens',
    notices: 'Notices',
    people: 'People',
    rights: 'Rights',
    status: 'Status',
    reports: 'Browser reports',
  },
  cancel: 'Cancel',
  close: 'Close',
  once: 'This is shown now and never again. Copy it before you close this.',
  ...accountMessages,
  ...accessMessages,
  ...noticeMessages,
} as const;
