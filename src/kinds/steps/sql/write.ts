/** What is done to a database in one transaction. */
export interface Write {
  statements: readonly string[];
  values: readonly (string | number | boolean | null)[];
  timeoutMs: number;
  expectRows: number | null;
  /** Kept in `tminus_applied` in the same transaction; null where the step has no ledger. */
  key: string | null;
}

/** How it ended: committed, found to be committed before, or taken back because the number of rows was another one. */
export type Written = { result: 'applied' | 'repeated'; rows: number } | { result: 'rows_differ'; rows: number };

/** A session with a database, the same for every engine. Each call may fail with the driver's own error. */
export interface Session {
  /** Rows that the statement affected. */
  run(statement: string, values: readonly unknown[]): Promise<number>;
  /** The one statement of the engine that begins a transaction which waits for others, and limits the time of each statement. */
  begin(timeoutMs: number): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Makes the ledger where there is none; not part of the transaction in engines where that would commit. */
  prepareLedger(): Promise<void>;
  hasLedger(): Promise<boolean>;
  /** Keeps the key in the transaction, and tells whether it was new; waits for another transaction that keeps the same one. */
  claimKey(key: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Does everything or nothing. The key goes in first: of two attempts at the same time the second waits at it, and then finds that everything was done.
 */
export async function applyWrite(session: Session, write: Write): Promise<Written> {
  const { statements, values, timeoutMs, expectRows, key } = write;
  if (key !== null && !(await session.hasLedger())) await session.prepareLedger();
  await session.begin(timeoutMs);
  try {
    if (key !== null && !(await session.claimKey(key))) {
      await session.rollback();
      return { result: 'repeated', rows: 0 };
    }
    let rows = 0;
    for (const statement of statements) rows += await session.run(statement, values);
    if (expectRows !== null && rows !== expectRows) {
      await session.rollback();
      return { result: 'rows_differ', rows };
    }
    await session.commit();
    return { result: 'applied', rows };
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  }
}

/**
 * Tells whether the key was committed. It is put in and taken back instead of looked for: what another transaction has put in and not ended yet cannot be seen, but it is
 * waited for.
 */
export async function probeWrite(session: Session, key: string, timeoutMs: number): Promise<boolean> {
  if (!(await session.hasLedger())) return false;
  await session.begin(timeoutMs);
  try {
    return !(await session.claimKey(key));
  } finally {
    await session.rollback().catch(() => undefined);
  }
}
