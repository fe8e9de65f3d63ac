import { z } from 'zod';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext, RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import { toRdata } from '../../steps/dns/records.ts';
import type { RecordType } from '../../steps/dns/records.ts';
import { toHex } from '../../steps/dns/standing.ts';
import { refuseDrain } from '../refuse-drain.ts';
import { placeInWorkspace, readFileText, replaceFile } from '../replace-file.ts';
import { assertWeight } from '../weight-parts.ts';
import { askAuthorities, placeServer } from './ask-authorities.ts';
import type { Authority } from './ask-authorities.ts';
import { flipRecords } from './flip-records.ts';
import type { DnsOptions } from './schema.ts';
import { noteTtl, ttlRefusal } from './ttl-proof.ts';
import type { TtlProof } from './ttl-proof.ts';

const proofSchema = z.strictObject({
  name: z.string(),
  lowSinceMs: z.number().nullable(),
  larger: z.strictObject({ ttl: z.number(), atMs: z.number() }).nullable(),
});

/** Opens a session with the name servers of a zone; that its primary may be touched is asked at once. */
export async function openDnsSession(options: DnsOptions, context: RouterContext): Promise<RouterSession> {
  await placeServer(options.server, options, context);
  const proofFile = await placeInWorkspace(context.workspace, options.proof);
  const look = async (): Promise<{ authorities: Authority[]; proof: TtlProof }> => {
    const authorities = await askAuthorities(options, context);
    const before = await loadProof(proofFile, options);
    const seen = { ttl: Math.max(...authorities.map(({ ttl }) => ttl)), atMs: context.now() };
    const proof = noteTtl(before, seen, options.ttl / 1000);
    await replaceFile(proofFile, `${JSON.stringify(proof)}\n`);
    return { authorities, proof };
  };
  const set = async (weight: number): Promise<void> => {
    assertWeight(weight);
    if (weight !== 0 && weight !== 100)
      throw new RouterTrouble(
        'weight',
        `weight ${weight}: expected 0 or 100, since resolvers keep one answer for everybody`,
      );
    if (weight === 100) refuseEarly(await look(), options, context.now());
    await flipRecords(weight, options, context);
  };
  return {
    abilities: { sticky: true, loss: null, flips: true, drains: false, counts: false },
    read: async () => ({ atMs: context.now(), ...toReading((await look()).authorities, options) }),
    set,
    drain: refuseDrain('resolvers keep their answers until they run out'),
    restore: (before) => set(before.weight),
    close: () => Promise.resolve(),
  };
}

/** Only the way to the canary waits: the way back is taken at once, whatever resolvers still hold. */
function refuseEarly(
  { authorities, proof }: { authorities: Authority[]; proof: TtlProof },
  options: DnsOptions,
  nowMs: number,
): void {
  // Where the canary stands already, there is nothing to wait for.
  if (authorities.every(({ data }) => data.join() === dataOfArm(options, 'canary'))) return;
  const refusal = ttlRefusal(proof, { nowMs, ttl: options.ttl / 1000, oldTtl: options.oldTtl / 1000 });
  if (refusal !== null) throw new RouterTrouble('ttl_not_lowered', `${options.name} ${options.type}: ${refusal}`);
}

function toReading(authorities: readonly Authority[], options: DnsOptions): Omit<RouterReading, 'atMs'> {
  const weights = authorities.map(({ server, data }) => {
    if (data.join() === dataOfArm(options, 'stable')) return 0;
    if (data.join() === dataOfArm(options, 'canary')) return 100;
    throw new RouterTrouble(
      'split_unclear',
      `${server}: expected the records of one of both arms for ${options.name}, got others`,
    );
  });
  const words = authorities.map(
    ({ server, ttl }, at) => `${server} ${weights[at] === 100 ? 'canary' : 'stable'} (ttl ${ttl})`,
  );
  const [weight = 0] = weights;
  if (weights.some((each) => each !== weight))
    throw new RouterTrouble(
      'not_agreed',
      `${options.name}: expected all name servers to agree, got ${words.join(', ')}`,
    );
  return {
    weight,
    requests: null,
    healthy: { stable: null, canary: null },
    detail: `${options.name} ${options.type}: ${words.join(', ')}`,
  };
}

function dataOfArm(options: DnsOptions, arm: 'stable' | 'canary'): string {
  const datas = options[arm].flatMap((text) => {
    const read = toRdata(options.type satisfies RecordType, text);
    return read.ok ? [toHex(read.bytes)] : [];
  });
  return datas.toSorted().join();
}

/** A file that is not there, of another name or unreadable proves nothing: the waiting begins now. */
async function loadProof(path: string, { name, type }: DnsOptions): Promise<TtlProof> {
  const empty: TtlProof = { name: `${name} ${type}`, lowSinceMs: null, larger: null };
  try {
    const read = proofSchema.parse(JSON.parse(await readFileText(path)));
    return read.name === empty.name ? read : empty;
  } catch {
    return empty;
  }
}
