import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

import { installDebianPackages } from '../servers/install-debian-packages.ts';

/** A network of its own that is joined to this machine by one cable, whose packets can be lost or slowed down. */
export interface NetworkNamespace {
  /** The address of this machine at the cable. */
  address: string;
  /** What stands before a command that is to run inside. */
  within: readonly string[];
  /** Loads rules of nftables inside, in the place of those before. */
  filter(rules: string): void;
  /** Packets that a named counter of the table `fault` has seen. */
  count(counter: string): number;
  /** Sets what queues the packets that leave; at both ends of the cable. */
  queue(discipline: readonly string[]): void;
  /** Bytes that were sent into and out of the namespace, and packets that had to wait, by the queues. */
  queued(): { bytes: number; overLimit: number };
  close(): void;
}

/** Returns why no such network can be made here; null where it can. */
export async function findNamespaceTrouble(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not root on Linux';
  const tools = await installDebianPackages({
    packages: ['nftables', 'iproute2'],
    programs: ['nft', 'ip', 'tc'],
  });
  if (tools.state === 'missing') return tools.reason;
  try {
    openNamespace().close();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Makes the network, with addresses of the range for tests of RFC 2544. */
export function openNamespace(): NetworkNamespace {
  const name = `tminus-${randomInt(0x1_00_00_00).toString(16)}`;
  const [outer, inner] = [`${name}o`, `${name}i`];
  const net = `198.18.${randomInt(256)}.${4 * randomInt(64)}`;
  const [host, guest] = [1, 2].map((nr) => net.replace(/\d+$/, (last) => String(Number(last) + nr)));
  const within = ['ip', 'netns', 'exec', name];
  run(['ip', 'netns', 'add', name]);
  const close = (): void => void run(['ip', 'netns', 'delete', name]);
  try {
    run(['ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name]);
    run(['ip', 'address', 'add', `${host}/30`, 'dev', outer]);
    run(['ip', 'link', 'set', outer, 'up']);
    run([...within, 'ip', 'address', 'add', `${guest}/30`, 'dev', inner]);
    run([...within, 'ip', 'link', 'set', inner, 'up']);
    run([...within, 'nft', '-f', '-'], 'table ip fault { chain probe { numgen random mod 100 < 20 drop; }\n}\n');
  } catch (error) {
    close();
    throw error;
  }
  const ends = [['tc'], [...within, 'tc']] as const;
  const deviceOf = (tc: readonly string[]): string => (tc.length === 1 ? outer : inner);
  return {
    address: host!,
    within,
    filter: (rules) =>
      void run(
        [...within, 'nft', '-f', '-'],
        `add table ip fault\ndelete table ip fault\ntable ip fault {\n${rules}\n}\n`,
      ),
    count: (counter) => {
      const text = run([...within, 'nft', 'list', 'counter', 'ip', 'fault', counter]);
      return Number(/packets (\d+)/.exec(text)![1]);
    },
    queue: (discipline) =>
      ends.forEach((tc) => run([...tc, 'qdisc', 'replace', 'dev', deviceOf(tc), 'root', ...discipline])),
    queued: () => {
      const texts = ends.map((tc) => run([...tc, '-s', 'qdisc', 'show', 'dev', deviceOf(tc)]));
      const sum = (pattern: RegExp): number =>
        texts.reduce((total, text) => total + Number(pattern.exec(text)?.[1] ?? NaN), 0);
      return { bytes: sum(/Sent (\d+) bytes/), overLimit: sum(/overlimits (\d+)/) };
    },
    close,
  };
}

function run([program, ...args]: readonly string[], input = ''): string {
  const ended = spawnSync(program!, args, { input, encoding: 'utf8' });
  if (ended.status === 0) return ended.stdout;
  const said = (ended.error?.message ?? ended.stderr).trim().split('\n')[0];
  throw new Error(`${program} ${args.join(' ')}: expected exit status 0, got ${ended.status}: ${said}`);
}
