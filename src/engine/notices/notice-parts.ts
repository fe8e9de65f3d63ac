import type { SecretContext, SecretProvider } from '../../core/secret/secret.ts';
import type { HomeParts } from '../home/read-home.ts';
import type { Delivery } from '../delivery.ts';
import type { MailSettings } from './mail-settings.ts';

/** What telling people is made of. */
export interface NoticeParts extends HomeParts {
  delivery: Delivery;
  mail: MailSettings;
  /** Address of the cockpit, without a slash at its end; null where nobody said it. */
  baseUrl: string | null;
  secrets: { providers: readonly SecretProvider[] } & Omit<SecretContext, 'signal'>;
  /** Makes the password of the mail server known to the masker. */
  mask: (name: string, value: Uint8Array) => void;
  maskText: (text: string) => string;
}

/** What a job of `notices` says. */
export interface NoticeJob {
  person: string;
  notice: string;
  launch: string | null;
  /** Whose comms decide whether it may leave; null for what is about the installation. */
  environment: string | null;
}
