import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { SafeFix } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import type { FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import { normalizeAddress } from '../../../core/mailout/normalize-address.ts';
import { proveNotice } from '../../../core/mailout/prove-notice.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import { listDeliveries, takeMailoutKey } from '../../../store/mailout.ts';
import type { Store } from '../../../store/open-store.ts';
import { hashAddress } from '../../mailout/send-mailout.ts';
import { findRepaired, refuseFix } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';

const rowsAtOnce = 1_000;

/**
 * Throws `fix_refused` where a declared fix wants a notice, and somebody whose row the plan changes was not sent it long enough ago (C28). An address that cannot be read
 * was never written to; a mail of the mode `test` told nobody.
 */
export async function assertNoticed(
  store: Store,
  setting: FixSetting,
  { id, dataset, plan }: StoredFix,
): Promise<void> {
  const faults: string[] = [];
  for (const { id: name, notice } of findRepaired(setting, dataset).fixes) {
    const keys = plan.changes.filter(({ fixes }) => fixes.includes(name)).map(({ key }) => key);
    if (notice === null || keys.length === 0) continue;
    const reason = await findUnproven(store, setting, { plan, keys, notice });
    if (reason !== null) faults.push(`notice ${notice.mailout} of fix ${name} is not proven: ${reason}`);
  }
  if (faults.length === 0) return;
  throw refuseFix(`fix ${id}`, faults, 'send the notice with "tminus mailout send", wait, and apply it then');
}

interface Asked {
  plan: FixPlan;
  keys: readonly CanonRow[];
  notice: NonNullable<SafeFix['notice']>;
}

async function findUnproven(store: Store, setting: FixSetting, asked: Asked): Promise<string | null> {
  const { launch, environment } = setting.scene.binding;
  const { mailout, noticeMs } = asked.notice;
  const place = { launch, environment, mailout, mode: 'real' as const };
  const key = await takeMailoutKey(store, place);
  const addresses = await readAddressesOf(setting, asked);
  if (addresses.length < asked.keys.length) return `${asked.keys.length - addresses.length} rows were not found`;
  const hashes = addresses.map((address, at) =>
    address === null ? `no address ${at}` : hashAddress(key, address).toString('hex'),
  );
  const proof = proveNotice(hashes, await listDeliveries(store, place), { nowMs: setting.now(), noticeMs });
  return proof.proven ? null : proof.reason;
}

async function readAddressesOf({ data, signal }: FixSetting, asked: Asked): Promise<(string | null)[]> {
  const session = await data.open(asked.plan.on, 'read', signal);
  try {
    return await readColumn(session, asked);
  } finally {
    await session.close();
  }
}

async function readColumn(session: DatastoreSession, { plan, keys, notice }: Asked): Promise<(string | null)[]> {
  const { table, key } = plan;
  const columns = plan.columns.filter(({ name }) => key.includes(name) || name === notice.email);
  const place = columns.findIndex(({ name }) => name === notice.email);
  const query = { table, columns, key, where: [], order: 'any' as const, after: null };
  const found: (string | null)[] = [];
  for (let from = 0; from < keys.length; from += rowsAtOnce)
    for (const row of await session.rows(query, keys.slice(from, from + rowsAtOnce)))
      found.push(normalizeAddress(row[place] ?? ''));
  return found;
}
