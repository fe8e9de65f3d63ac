import { AsyncLocalStorage } from 'node:async_hooks';

/** What is learnt inside the library while it answers one request. */
export interface Exchange {
  /** The session that it made, if it did. */
  session: { id: string; account: string } | null;
  /** For whom the identity provider says that the account stands; undefined where none was asked. */
  person: string | null | undefined;
  /** What it logged: why it refused. */
  errors: unknown[];
}

/** Carries the exchange of a request through the library, whose hooks know nothing of each other. */
export const exchange = new AsyncLocalStorage<Exchange>();

/** Runs `work` with an exchange of its own and returns both. */
export async function withExchange<T>(work: () => Promise<T>): Promise<{ result: T; learnt: Exchange }> {
  const learnt: Exchange = { session: null, person: undefined, errors: [] };
  return { result: await exchange.run(learnt, work), learnt };
}
