import { ProductError } from '../../../core/error/product-error.ts';
import type { ObjectStoreWish } from '../../../core/step/step-kind.ts';
import { readObjectUrl } from '../../../kinds/object-store/object-place.ts';
import type { ObjectContext } from '../../../kinds/object-store/object-request.ts';
import type { OpenObjects } from './remote-archive.ts';

/** Opens the place that an `s3://` URL names. Throws `usage` for another URL, and for an endpoint that would carry a backup in the clear over a network. */
export function openObjects(
  url: string,
  { endpoint: written, region, keyId, secret }: ObjectStoreWish,
  context: ObjectContext,
): OpenObjects {
  const found = readObjectUrl(url);
  if (found === null)
    throw usage(`expected s3://bucket/key, got ${url}`, 'write bucket and key without ?, # and empty parts');
  const endpoint = URL.parse(written ?? `https://s3.${region}.amazonaws.com`);
  const { allow } = context;
  const isPrivate = endpoint !== null && (allow.includes(endpoint.hostname) || allow.includes(endpoint.host));
  if (endpoint === null || !(endpoint.protocol === 'https:' || (endpoint.protocol === 'http:' && isPrivate)))
    throw usage(
      'expected an https endpoint, got another one',
      'http is for private hosts under allow: of the environment',
    );
  return { place: { ...found, endpoint: endpoint.href, region, keyId, secret: secret.trim() }, context };
}

function usage(what: string, hint: string): ProductError {
  return new ProductError('usage', `store of objects: ${what}`, { hint });
}
