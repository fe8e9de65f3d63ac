import type { JsonObject } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';

/** The mail server of an installation. */
export interface MailSettings {
  /** `smtp://host:port` or `smtps://host:port`. */
  server: string;
  from: string;
  user: string | null;
  /** Where the password is kept; never the password. */
  password: JsonObject | null;
}

/**
 * Returns what `TMINUS_SMTP`, `TMINUS_MAIL_FROM`, `TMINUS_SMTP_USER` and `TMINUS_SMTP_PASSWORD` (a reference such as `file:/run/secrets/smtp`) say; null where there is no server.
 * Throws `usage` for what cannot be used.
 */
export function readMailSettings(env: Readonly<Record<string, string | undefined>>): MailSettings | null {
  const server = env['TMINUS_SMTP'];
  if (!server) return null;
  if (!/^smtps?:\/\/[^\s@/]+$/u.test(server) || URL.parse(server) === null)
    throw refused('TMINUS_SMTP', 'smtp://host:port or smtps://host:port, without credentials');
  const from = env['TMINUS_MAIL_FROM'] ?? '';
  if (!/^[^\s<>,;"@]+@[^\s<>,;"@]+$/u.test(from))
    throw refused('TMINUS_MAIL_FROM', 'an address such as launch@example.org');
  const user = env['TMINUS_SMTP_USER'] || null;
  const password = toReference(env['TMINUS_SMTP_PASSWORD'] || null);
  if ((user === null) !== (password === null))
    throw refused('TMINUS_SMTP_USER', 'a name together with TMINUS_SMTP_PASSWORD, or neither');
  return { server, from, user, password };
}

function toReference(text: string | null): JsonObject | null {
  if (text === null) return null;
  const [, kind, rest] = /^([a-z]+):(.+)$/u.exec(text) ?? [];
  if (kind === undefined || rest === undefined)
    throw refused('TMINUS_SMTP_PASSWORD', 'a place such as env:NAME or file:PATH, never the password itself');
  return { [kind]: rest };
}

function refused(name: string, expected: string): ProductError {
  return new ProductError('usage', `${name}: expected ${expected}, got another text`, {
    hint: 'see "what tells me, and how" in the guide',
  });
}
