import { randomBytes } from 'node:crypto';

import type { ShopLaunch } from '../../../examples/shop-cutover/prepare-shop-launch.ts';
import type { RunningShop } from '../../../examples/shop-cutover/start-shop.ts';
import type { DemoDesk } from '../../engine/launches/demo-desk.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { IdentityDesk } from '../../engine/identity/identity.ts';

/** What the demo stands on. */
interface DemoGround {
  shop: RunningShop;
  files: ShopLaunch;
  launch: Launch;
  identity: IdentityDesk;
  url: string;
}

const ip = '127.0.0.1';

/** Makes an account for every human of the launch, with passwords that nobody knows, and returns the desk that signs in as any of them. */
export async function openDemoDesk({ shop, files, launch, identity, url }: DemoGround): Promise<DemoDesk> {
  const passwords = new Map<string, string>();
  const humans = launch.people.filter(({ automation }) => !automation);
  for (const { id, name } of humans) {
    const password = randomBytes(24).toString('base64url');
    passwords.set(id, password);
    await makeAccount(identity, { name, email: toEmail(id), person: id, password });
  }
  return {
    launch: launch.id,
    people: humans.map(({ id, name }) => ({
      person: id,
      name,
      roles: launch.roles.filter(({ people }) => people.includes(id)).map((role) => role.id),
    })),
    deeds: () => shop.deeds,
    ...toWorks(shop),
    async spoil() {
      await shop.spoil();
    },
    async become(person) {
      const password = passwords.get(person);
      const own = files.people[person];
      if (password === undefined || !own) return null;
      const { publicKey: key, privateKeyPem } = own;
      return { cookies: await signIn(identity, url, { email: toEmail(person), password }), key, privateKeyPem };
    },
  };
}

/** What the team does to the shop, each once, however often it is asked for. */
function toWorks(shop: RunningShop): Pick<DemoDesk, 'isFixed' | 'fix' | 'mendedAt' | 'mend'> {
  let isFixed = false;
  let mendedAt: string | null = null;
  const done = new Map<string, Promise<void>>();
  const once = (name: string, work: () => Promise<void>): Promise<void> => {
    const doing = done.get(name) ?? work();
    done.set(name, doing);
    return doing;
  };
  return {
    isFixed: () => isFixed,
    mendedAt: () => mendedAt,
    fix: () =>
      once('fix', async () => {
        await shop.fix();
        await shop.letCustomersIn();
        isFixed = true;
      }),
    mend: () =>
      once('mend', async () => {
        await shop.mend();
        mendedAt = new Date().toISOString();
      }),
  };
}

function toEmail(person: string): string {
  return `${person}@shop.example`;
}

async function makeAccount(
  { setup, accounts }: IdentityDesk,
  { password, ...wish }: { name: string; email: string; person: string; password: string },
): Promise<void> {
  const code = await setup.issueCode();
  if (code !== null) await setup.complete({ ...wish, code, password }, ip);
  else await accounts.redeem({ code: (await accounts.invite(wish, 'demo')).code, password }, ip);
}

async function signIn(
  identity: IdentityDesk,
  url: string,
  body: { email: string; password: string },
): Promise<string[]> {
  const headers = { 'content-type': 'application/json', origin: url };
  const request = new Request(`${url}/api/auth/sign-in/email`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await identity.handle(request, ip);
  if (!answer.ok) throw new Error(`demo: expected that its people can sign in, got ${answer.status}`);
  return answer.headers.getSetCookie();
}
