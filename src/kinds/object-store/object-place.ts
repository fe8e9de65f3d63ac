/** Where an object lies, and how whoever reads or writes it shows who they are. */
export interface ObjectPlace {
  bucket: string;
  key: string;
  /** Absolute http or https URL of the S3 API; buckets are the first part of its paths. */
  endpoint: string;
  region: string;
  keyId: string;
  secret: string;
}

/** Returns bucket and key of `s3://bucket/key`; null for any other text. */
export function readObjectUrl(text: string): Pick<ObjectPlace, 'bucket' | 'key'> | null {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^\s?#\\]{1,900})$/.exec(text);
  if (found === null) return null;
  const [, bucket, key] = found as unknown as [string, string, string];
  // Such parts are taken away on the way, so that another object would be meant than the one that is signed for.
  return key.split('/').some((part) => part === '' || part === '.' || part === '..') ? null : { bucket, key };
}

/** Returns an object as people name it. */
export function nameObject({ bucket, key }: Pick<ObjectPlace, 'bucket' | 'key'>): string {
  return `s3://${bucket}/${key}`;
}
