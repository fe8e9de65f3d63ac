import { durationSchema } from '../checks/quantity.ts';
import { pathOption, textOption, timeoutOption } from './router-options.ts';

/** Names as Kubernetes has them (RFC 1123). */
export const clusterName = textOption('a name of small letters, digits, - and .', (text) =>
  /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(text),
);

/** Options of whatever lies behind a Kubernetes API; its bearer token is the secret of the router. */
export const clusterOptions = {
  url: textOption('an http or https url without user and password', isUrl).describe('Address of the Kubernetes API.'),
  ca: pathOption
    .nullable()
    .default(null)
    .describe('File with the certificate of its authority, PEM; the system is asked where there is none.'),
  namespace: clusterName.default('default').describe('Namespace.'),
  timeout: timeoutOption,
  settle: durationSchema({ min: 100, max: 600_000, standard: 30_000 }).describe(
    'How long the cluster may take to carry a change out; its status is read until it has.',
  ),
};

function isUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
