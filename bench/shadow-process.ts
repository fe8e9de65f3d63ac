import { openShadowTee, shadowDefaults } from '../src/kinds/shadow/open-shadow-tee.ts';
import type { ShadowTee } from '../src/kinds/shadow/open-shadow-tee.ts';
import { answerParent } from './answer-parent.ts';

/** Both arms, and the share of requests that is copied. */
export interface ShadowAsked {
  stable: string;
  canary: string;
  sample: number;
}

let tee: ShadowTee | null = null;

answerParent({
  open: async (asked) => {
    const { stable, canary, sample } = asked as ShadowAsked;
    const listen = { host: '127.0.0.1', port: 0 };
    const wish = { ...shadowDefaults, listen, stable: new URL(stable), canary: new URL(canary), sample };
    tee = await openShadowTee(wish, { allow: ['127.0.0.1'], forbidden: [] });
    return { url: `${tee.url}/` };
  },
  report: async () => ({ routes: await tee?.report() }),
  end: async () => {
    await tee?.close();
    return {};
  },
});
