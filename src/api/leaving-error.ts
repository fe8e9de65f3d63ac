import { ProductError } from '../core/error/product-error.ts';

/** Returns the error of a server that is ending. */
export function leavingError(): ProductError {
  return new ProductError('leaving', 'server: expected one that takes work, got one that is ending', {
    hint: 'repeat the request; another server, or this one after its restart, will answer',
  });
}
