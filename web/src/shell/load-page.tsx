import { lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { IntlProvider } from 'use-intl/react';

import { baseMessages } from '../messages/en.ts';
import type { Messages } from '../messages/en.ts';

/** What the file of a page exports. */
export interface PageModule<Name extends keyof Messages> {
  Page: ComponentType;
  messages: Messages[Name];
  /** Texts of parts that it shares with other pages, by their namespace. */
  more?: Partial<Messages>;
}

/** The component of a route: a page that is fetched when it is gone to, with its own texts and those that all pages share. */
export function loadPage<Name extends keyof Messages>(name: Name, load: () => Promise<PageModule<Name>>) {
  return lazyRouteComponent(async () => {
    const { Page, messages, more = {} } = await load();
    const all = { ...baseMessages, ...more, [name]: messages } as Messages;
    return {
      default: function LoadedPage() {
        return (
          <IntlProvider locale="en" timeZone="UTC" messages={all}>
            <Page />
          </IntlProvider>
        );
      },
    };
  });
}
