import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { EvidenceRecord } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startCounterApp } from '../doubles/counter-app.ts';
import { openDesk, until } from '../rehearsal/open-desk.ts';
import type { Desk } from '../rehearsal/open-desk.ts';
import { startPrometheus } from '../servers/start-prometheus.ts';

const app = await startCounterApp('new');
const prometheus = await startPrometheus(app.host);
const missing = prometheus.state === 'missing' ? prometheus.reason : null;

/** An identity provider that lets so many people sign in within an hour, and says how many are left of them. */
async function startProvider(limit: number): Promise<{ url: string; server: Server; signIn(times: number): void }> {
  let left = limit;
  const server = createServer((_request, response) => {
    response.setHeader('ratelimit-remaining', String(left));
    response.end(JSON.stringify({ limit, left }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/limits`;
  return { url, server, signIn: (times) => void (left = Math.max(0, left - times)) };
}

const provider = await startProvider(1_500);
const head = `---
tminus: launch
id: move
title: Move
environment: production
candidate: { commit: c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00 }
environments:
  production: { url: "http://127.0.0.1:1", production: true, allow: ["127.0.0.1"] }
people: { dave: Dave }
roles: { lead: [dave] }
---

# Move
`;
const rate = (name: string, labels: string): string => `sum(rate(${name}${labels}[8s])) / sum(rate(${name}[8s]))`;
const asks = (id: string, title: string, query: string, limit: string): string => `- [ ] ${title} {#${id}}

  \`\`\`yaml check
  kind: prometheus
  url: "${prometheus.state === 'started' ? prometheus.url : ''}"
  query: ${JSON.stringify(query)}
  expect: ["value ${limit}"]
  \`\`\`
`;
const budget = (id: string, title: string, least: number): string => `- [ ] ${title} {#${id}}

  \`\`\`yaml check
  kind: http
  url: "${provider.url}"
  timeout: 30s
  expect: [status == 200, json.left >= ${least}]
  \`\`\`
`;
const signIns = (way: string): string =>
  `sum(rate(sign_ins_total{way="${way}",result="ok"}[8s])) / sum(rate(sign_ins_total{way="${way}"}[8s]))`;
const body = `## Gate: ready for T-0 {#ready phase=T-0 fresh=1h}

${budget('surge', 'The provider lets all of our users sign in at once', 1240)}
## Gate: an hour after {#hour-after phase=T+1h fresh=15m}

${asks('errors', 'Few answers are errors', rate('http_requests_total', '{code=~"5.."}'), '< 1%')}
${asks('saml', 'Sign-ins by SAML succeed', signIns('saml'), '>= 98%')}
${asks('oauth', 'Sign-ins by OAuth succeed', signIns('oauth'), '>= 98%')}
${budget('surge-after', 'The provider lets people in who come now', 100)}`;
const watched = ['errors', 'saml', 'oauth', 'surge-after'] as const;

// One launch: the cases follow each other, from the hour before to the hour after.
describe.skipIf(missing !== null)(
  `the watch at T+1h${missing === null ? '' : ` (skipped: ${missing})`}`,
  { timeout: 400_000 },
  () => {
    let desk: Desk;
    let timer: NodeJS.Timeout;
    /** What users do: requests, and sign-ins of both ways, of which so many of a hundred fail. */
    const signed: { [series: string]: number } = {};
    let failing: { [way: string]: number } = {};
    let isUsed = false;
    beforeAll(async () => {
      desk = await openDesk(body, { head });
      timer = setInterval(() => {
        if (!isUsed) return;
        app.count({ code: '200' }, 100);
        // A counter that nobody has shown yet is no zero.
        app.count({ code: '500' }, 0);
        for (const way of ['saml', 'oauth'])
          for (const [result, times] of [
            ['ok', 100 - (failing[way] ?? 0)],
            ['failed', failing[way] ?? 0],
          ] as const) {
            const series = `sign_ins_total{way="${way}",result="${result}"}`;
            signed[series] = (signed[series] ?? 0) + times;
          }
        app.show(
          Object.entries(signed)
            .map(([series, value]) => `${series} ${value}\n`)
            .join(''),
        );
      }, 100);
    });
    afterAll(async () => {
      clearInterval(timer);
      await desk?.close();
      if (prometheus.state === 'started') await prometheus.stop();
      provider.server.close();
      await app.stop();
    });
    const decide = async (gate: string): Promise<string> => (await desk.decide(gate, 'production')).outcome;
    const look = async (): Promise<{ [criterion: string]: EvidenceRecord }> => {
      const seen: { [criterion: string]: EvidenceRecord } = {};
      for (const criterion of watched) seen[criterion] = await desk.check(criterion);
      return seen;
    };
    const outcomes = (seen: { [criterion: string]: EvidenceRecord }): string[] =>
      watched.map((criterion) => seen[criterion]!.judgement.outcome);
    /** Looks until it is so: a scrape that came late is a gap in the figures for a while. */
    const lookUntil = async (
      what: string,
      wanted: readonly string[],
    ): Promise<{ [criterion: string]: EvidenceRecord }> => {
      let seen: { [criterion: string]: EvidenceRecord } = {};
      await until(what, async () => outcomes((seen = await look())).join() === wanted.join());
      return seen;
    };

    it('C20 before T-0 the budget of the provider is held against everybody who will sign in', async () => {
      expect(await decide('ready')).not.toBe('go');
      const { judgement } = await desk.check('surge');
      expect(judgement.outcome).toBe('pass');
      expect(await decide('ready')).toBe('go');
      provider.signIn(300);
      expect((await desk.check('surge')).judgement.outcome).toBe('fail');
      expect(await decide('ready')).toBe('no-go');
    });

    it('C22 an hour of which nothing was counted is a hold, and no zero errors', async () => {
      const seen = await look();
      expect(outcomes(seen)).toEqual(['unknown', 'unknown', 'unknown', 'pass']);
      expect(seen['errors']!.trouble?.code).toMatch(/no_data|not_a_number/);
      expect(await decide('hour-after')).not.toBe('go');
    });

    it('C22 C20 what was counted is recorded beside its threshold, and the meter of the provider with what is left', async () => {
      isUsed = true;
      provider.signIn(700);
      const seen = await lookUntil('numbers within their thresholds', ['pass', 'pass', 'pass', 'pass']);
      expect(seen['surge-after']!.facts).toMatchObject({
        json: { left: 500 },
        headers: { 'ratelimit-remaining': '500' },
      });
      expect(seen['saml']!.facts).toMatchObject({ value: 1 });
      expect(seen['oauth']!.judgement.findings).toMatchObject([
        { rule: 'value >= 98%', expected: '>= 0.98', got: '1', outcome: 'pass' },
      ]);
      expect(watched.map((criterion) => seen[criterion]!.control.outcome)).not.toContain('pass');
      expect(await decide('hour-after')).toBe('go');
    });

    it('C22 one way to sign in that fails is seen although the other is well', async () => {
      failing = { oauth: 40 };
      await lookUntil('a way that fails beside one that does not', ['pass', 'pass', 'fail', 'pass']);
      expect(await decide('hour-after')).toBe('no-go');
      failing = {};
    });

    it('C20 C22 a provider that is used up fails, and one that does not say is unknown: neither is a GO', async () => {
      await lookUntil('sign-ins that are well again', ['pass', 'pass', 'pass', 'pass']);
      expect(await decide('hour-after')).toBe('go');
      provider.signIn(450);
      expect((await desk.check('surge-after')).judgement.outcome).toBe('fail');
      expect(await decide('hour-after')).toBe('no-go');
      provider.server.closeAllConnections();
      await new Promise((resolve) => provider.server.close(resolve));
      const silent = await desk.check('surge-after');
      expect([silent.judgement.outcome, silent.trouble?.code]).toEqual(['unknown', 'refused']);
      expect(await decide('hour-after')).not.toBe('go');
    });
  },
);
