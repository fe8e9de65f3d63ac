import { z } from 'zod';

import type { SpecFault } from '../../core/check/check.ts';
import { readObjectUrl } from '../object-store/object-place.ts';

/** What may be written under `store:` of a step whose archive lies in a store of objects. */
export const objectStoreSchema = z.strictObject({
  endpoint: z
    .string()
    .min(1)
    .max(2000)
    .nullable()
    .default(null)
    .describe('Url of the S3 API; without it the one of AWS in that region. http only for a host under allow:.'),
  region: z.string().min(1).max(100).describe('Region that requests are signed for.'),
  keyId: z.string().min(1).max(200).describe('Id of the access key, which is no secret.'),
  secret: z
    .string()
    .regex(/^\{\{\s*secret\s+"[^"]+"\s*\}\}$/, 'the template of a secret, such as {{ secret "backups/key" }}')
    .describe('Secret of the access key.'),
});

/** Returns what is wrong with an archive and the store that it names: `s3://` wants one, a path none; `none` is for kinds that know no such stores. */
export function findStoreFaults({
  field,
  place,
  store,
}: {
  field: string;
  place: string;
  store: object | null | 'none';
}): SpecFault[] {
  if (!place.startsWith('s3://'))
    return store === null || store === 'none'
      ? []
      : [
          {
            path: ['store'],
            expected: 'no store of objects beside a path',
            got: place,
            hint: `write ${field}: s3://bucket/key, or leave it out`,
          },
        ];
  if (store === 'none')
    return [{ path: [field], expected: 'a path from the launch repository', got: place, hint: 'name a file' }];
  const isRead = place.includes('{{') || readObjectUrl(place) !== null;
  return [
    ...(isRead
      ? []
      : [{ path: [field], expected: 's3://bucket/key', got: place, hint: 'without ?, # and empty parts' }]),
    ...(store === null
      ? [
          {
            path: ['store'],
            expected: 'the store of an s3:// place',
            got: 'none',
            hint: 'name region, keyId and secret',
          },
        ]
      : []),
  ];
}
