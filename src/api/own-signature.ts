import { ProductError } from '../core/error/product-error.ts';

/** Throws `signature_invalid` where somebody hands in what another person has signed: whoever asks speaks for themselves. */
export function requireOwn(signed: { statement: { [field: string]: unknown } }, person: string): void {
  const signer = signed.statement['person'];
  if (signer === person) return;
  throw new ProductError('signature_invalid', `statement: expected one of ${person}, got one of ${String(signer)}`, {
    hint: 'sign in as the person who signs',
  });
}
