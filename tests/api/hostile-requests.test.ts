import { request as askRaw } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { giveGrant } from '../../src/engine/access/give-grant.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { openStage, own } from './cast.ts';
import type { Stage } from './cast.ts';
import { readRoutes, sampleOf } from './described-routes.ts';
import type { DescribedRoute, Schema } from './described-routes.ts';
import type { Answer } from './open-api.ts';
import { routeRights } from './route-rights.ts';

let stage: Stage;
let routes: DescribedRoute[];
beforeAll(async () => {
  stage = await openStage();
  routes = await readRoutes(stage.api);
  // What no role opens is asked for by somebody whom an admin let break the glass: else nobody's request would be read.
  const { launch } = await loadPlan(stage.api.launch.directory, { checks: checkReaders, steps: stepReaders });
  await giveGrant(stage.api.store, launch, {
    holder: { kind: 'person', id: 'leo' },
    role: 'lead',
    environment: 'production',
    giver: 'ada',
    expiresAt: new Date(Date.now() + 3_000_000).toISOString(),
    delegates: null,
    breakGlass: true,
    reason: 'what no role opens is asked for, too',
  });
});
afterAll(() => stage.close());

function isClosed(name: string): boolean {
  const { scope = null, roles = [] } = routeRights[name] ?? {};
  return scope !== null && roles.length === 0;
}

/** Somebody whom the route lets in. */
function askerOf({ name }: DescribedRoute): Record<string, string> {
  const { roles = [], where } = routeRights[name] ?? {};
  const isForAdmins = where !== 'account' && where !== 'anybody' && roles.length > 0 && !roles.includes('lead');
  return stage.headersOf(isForAdmins ? 'admin of everything' : 'lead', null);
}

function addressOf(route: DescribedRoute, given: Record<string, string> = {}, query = ''): string {
  const sample = routeRights[route.name]?.sample ?? {};
  const run = stage.runs[`${own} production`] ?? '';
  const named = { launch: own, run, gate: 'ready', step: 'look', procedure: 'runbook', request: stage.request };
  const values: Record<string, string> = { ...named, ...sample.params, ...given };
  const path = route.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? `no-such-${name}`);
  const search = query === '' ? (sample.query ?? '') : query;
  return search === '' ? path : `${path}?${search}`;
}

function bodyOf(route: DescribedRoute): unknown {
  const body = routeRights[route.name]?.sample?.body ?? (route.body ? sampleOf(route.body) : undefined);
  return body && JSON.parse(JSON.stringify(body).replaceAll('$environment', 'production'));
}

/** Sends text as it is, and reads what came whatever its form is; the stream of events is let go of at once. */
async function send(
  method: string,
  path: string,
  { headers, text }: { headers: Record<string, string>; text?: string },
): Promise<Answer> {
  const answer = await fetch(`${stage.api.url}${path}`, { method, headers, ...(text !== undefined && { body: text }) });
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    await answer.body?.cancel();
    return { status: answer.status, headers: answer.headers, body: null };
  }
  const body = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: type.includes('json') && body !== '' ? JSON.parse(body) : body,
  };
}

const json = { 'content-type': 'application/json' };

async function sendJson(route: DescribedRoute, body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(route.method, addressOf(route), { headers: { ...askerOf(route), ...json }, text });
}

const codeOf = ({ body }: Answer): string => (body as { code?: string } | null)?.code ?? '';

/** The same body with a field that nobody described, once in every object of it that is described. */
function withIntruder(schema: Schema, value: unknown, at = ''): { at: string; body: unknown }[] {
  const choice = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type === 'object');
  if (choice) return withIntruder(choice, value, at);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return [];
  const here = schema.additionalProperties === false ? [{ at: at || '.', body: { ...value, isAdmin: true } }] : [];
  const inner = Object.entries(schema.properties).flatMap(([name, each]) =>
    withIntruder(each, (value as Record<string, unknown>)[name], `${at}.${name}`).map((one) => ({
      at: one.at,
      body: { ...value, [name]: one.body },
    })),
  );
  return [...here, ...inner];
}

describe('requests that nobody of ours sends', () => {
  it('A22 A36 what no role opens is refused before it is read', async () => {
    const closed = routes.filter(({ name }) => isClosed(name));
    expect(closed.map(({ name }) => name)).toEqual(['POST /api/runs/{run}/break-glass']);
    const [glass] = closed as [DescribedRoute];
    const plain = { 'content-type': 'text/plain' };
    const refused = { headers: { ...stage.headersOf('approver', null), ...plain }, text: 'hostile' };
    expect((await send('POST', addressOf(glass), refused)).status).toBe(403);
    // Control: with the right the same is read, and refused for what it is.
    const read = await send('POST', addressOf(glass), { ...refused, headers: { ...askerOf(glass), ...plain } });
    expect([read.status, codeOf(read)]).toEqual([400, 'request_invalid']);
  });

  it('A37 a field that is not described is refused in every object of every body', async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const route of routes.filter(({ body }) => body !== null)) {
      const all = withIntruder(route.body!, bodyOf(route));
      // What has no description takes anything: only reports of browsers may.
      if (all.length === 0 && route.name !== 'POST /api/browser-reports') wrong.push(`${route.name}: takes any field`);
      for (const { at, body } of all) {
        asked++;
        const answer = await sendJson(route, body);
        if (answer.status !== 400 || codeOf(answer) !== 'request_invalid')
          wrong.push(`${route.name} at ${at}: expected 400, got ${answer.status} ${codeOf(answer)}`);
      }
    }
    process.stdout.write(`A37: ${asked} bodies with a field too many\n`);
    expect(asked).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
  });

  it('A37 a query that is not described is refused by every route, and so is a body that it does not take', async () => {
    const wrong: string[] = [];
    for (const route of routes) {
      const query = [routeRights[route.name]?.sample?.query ?? '', 'tenant=1'].filter(Boolean).join('&');
      const text = route.body ? JSON.stringify(bodyOf(route)) : undefined;
      const headers = { ...askerOf(route), ...(text !== undefined && json) };
      const asked = await send(route.method, addressOf(route, {}, query), {
        headers,
        ...(text !== undefined && { text }),
      });
      if (asked.status !== 400) wrong.push(`${route.name}?tenant=1: expected 400, got ${asked.status}`);
      if (route.body !== null || route.method === 'GET') continue;
      const answer = await sendJson(route, { isAdmin: true });
      if (answer.status !== 400) wrong.push(`${route.name} with a body: expected 400, got ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('A22 JSON is read where it says that it is: as text, as a form and as nothing it is refused by every route', async () => {
    const wrong: string[] = [];
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
    ];
    for (const route of routes.filter(({ body }) => body !== null))
      for (const type of types) {
        const headers = { ...askerOf(route), 'content-type': type };
        const answer = await send(route.method, addressOf(route), { headers, text: JSON.stringify(bodyOf(route)) });
        if (answer.status !== 400) wrong.push(`${route.name} as ${type}: expected 400, got ${answer.status}`);
      }
    expect(wrong).toEqual([]);
    expect(stage.api.trouble).toEqual([]);
  });

  it('A37 what two readers would understand differently, prototypes, hostile depth and size are refused', async () => {
    const route = routes.find(({ name }) => name === 'POST /api/launches/{launch}/holds')!;
    const good = bodyOf(route) as object;
    const bad = {
      'a name twice': `{"reason":"first reason",${JSON.stringify({ ...good, reason: 'second reason' }).slice(1)}`,
      'a prototype': `{"__proto__":{"isAdmin":true},${JSON.stringify(good).slice(1)}`,
      'a constructor': `{"constructor":{"prototype":{"isAdmin":true}},${JSON.stringify(good).slice(1)}`,
      depth: `{"reason":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      NUL: JSON.stringify({ ...good, reason: 'a\0b' }),
      'half a character': JSON.stringify({ ...good, reason: 'a\ud800b' }),
      'no JSON': '{reason:1}',
      nothing: '',
    };
    for (const [what, text] of Object.entries(bad)) {
      const answer = await sendJson(route, text);
      expect([what, answer.status, codeOf(answer)]).toEqual([what, 400, 'request_invalid']);
    }
    const deepReport = `{"csp-report":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const reports = routes.find(({ name }) => name === 'POST /api/browser-reports')!;
    expect((await sendJson(reports, deepReport)).status).toBe(400);
    const huge = await sendJson(route, JSON.stringify({ ...good, reason: 'x'.repeat(2_100_000) }));
    expect([huge.status, codeOf(huge)]).toEqual([400, 'request_invalid']);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(stage.api.trouble).toEqual([]);
  });

  it(
    'A38 what looks like SQL, a path, markup or nonsense is text to every address and query: nothing breaks, and nothing more is answered',
    { timeout: 600_000 },
    async () => {
      const wrong: string[] = [];
      let asked = 0;
      for (const route of routes) {
        const strings = route.parameters.filter(({ schema }) => schema.type === 'string' && !schema.enum);
        for (const { name, in: where } of strings) {
          const ask = async (value: string): Promise<number> => {
            asked++;
            const escaped = encodeURIComponent(value);
            const sample = routeRights[route.name]?.sample?.query ?? '';
            const kept = sample.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${name}=`));
            const path =
              where === 'path'
                ? addressOf(route, { [name]: escaped })
                : addressOf(route, {}, [...kept, `${name}=${escaped}`].join('&'));
            const text = route.body ? JSON.stringify(bodyOf(route)) : undefined;
            const headers = { ...askerOf(route), ...(text !== undefined && json) };
            return (await send(route.method, path, { headers, ...(text !== undefined && { text }) })).status;
          };
          const plain = await ask('no-such-thing');
          for (const payload of payloads) {
            const status = await ask(payload);
            const isAsPlain = Math.floor(status / 100) === Math.floor(plain / 100) || (status >= 400 && status < 500);
            if (!isAsPlain || (status >= 500 && status !== 503))
              wrong.push(
                `${route.name} ${name}=${JSON.stringify(payload.slice(0, 40))}: expected ${plain}, got ${status}`,
              );
          }
        }
      }
      process.stdout.write(`A38: ${asked} addresses with ${payloads.length} kinds of text in them\n`);
      expect(wrong).toEqual([]);
      expect(asked).toBeGreaterThan(1_000);
      expect(stage.api.trouble).toEqual([]);
    },
  );

  it('A38 the same in every text of every body', { timeout: 600_000 }, async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const route of routes.filter(({ body }) => body !== null)) {
      for (const payload of payloads) {
        asked++;
        const body = JSON.parse(JSON.stringify(bodyOf(route)), (_, each: unknown) =>
          typeof each === 'string' ? payload : each,
        ) as unknown;
        const answer = await sendJson(route, body);
        if (answer.status >= 500)
          wrong.push(
            `${route.name} ${JSON.stringify(payload.slice(0, 40))}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`,
          );
      }
    }
    process.stdout.write(`A38: ${asked} bodies\n`);
    expect(wrong).toEqual([]);
    expect(stage.api.trouble).toEqual([]);
  });

  it(
    'A21 A22 every answer of every route says the same about itself, and no other origin is ever let in',
    { timeout: 600_000 },
    async () => {
      const wrong: string[] = [];
      for (const route of routes)
        for (const headers of [stage.headersOf('nobody', null), askerOf(route)]) {
          const foreign = { ...headers, origin: 'https://evil.example', 'access-control-request-method': 'POST' };
          const text = route.body ? JSON.stringify(bodyOf(route)) : undefined;
          const sent = {
            headers: { ...foreign, ...(text !== undefined && json) },
            ...(text !== undefined && { text }),
          };
          const answer = await send(route.method, addressOf(route), sent);
          wrong.push(...faultsOf(answer).map((fault) => `${route.name}: ${answer.status} ${fault}`));
          const isChange = route.method !== 'GET' && routeRights[route.name]?.where !== 'anybody';
          if (isChange && answer.status < 400)
            wrong.push(`${route.name}: a page of another origin got ${answer.status}`);
          const asked = await send('OPTIONS', addressOf(route), { headers: foreign });
          if (asked.status < 400) wrong.push(`OPTIONS ${route.path}: expected a refusal, got ${asked.status}`);
          wrong.push(...faultsOf(asked).map((fault) => `OPTIONS ${route.path}: ${fault}`));
        }
      expect([...new Set(wrong)]).toEqual([]);
    },
  );

  it('S9 a method is what its name says: HEAD gives no body, TRACE and unknown ones are refused, and no header changes it', async () => {
    const headers = stage.headersOf('lead', null);
    const head = await send('HEAD', `/api/launches/${own}`, { headers });
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await send('HEAD', `/api/launches/${own}`, { headers: stage.headersOf('viewer', null) })).status).toBe(200);
    expect(
      (await send('HEAD', `/api/launches/${own}`, { headers: stage.headersOf('person without a right', null) })).status,
    ).toBe(403);
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'PATCH'])
      expect([method, await statusOf(method, `/api/launches/${own}`, headers)]).toEqual([
        method,
        expect.toSatisfy((one: number) => one >= 400 && one < 500),
      ]);
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      const answer = await send('GET', '/api/me/sessions', { headers: { ...headers, [name]: 'DELETE' } });
      expect([name, answer.status, Object.keys(answer.body as object)]).toEqual([name, 200, ['items']]);
    }
    const byQuery = await send('GET', '/api/me/sessions?_method=DELETE', { headers });
    expect(byQuery.status).toBe(400);
  });

  it('S9 an address has one spelling: dots, doubled slashes, other case and escapes lead to no other route', async () => {
    const headers = stage.headersOf('viewer', null);
    const ways = [
      `/api/launches/${own}/../../accounts`,
      `/api/launches/${own}/%2e%2e/%2e%2e/accounts`,
      '/api//accounts',
      '/API/accounts',
      '/api/accounts/',
      '/api/accounts%2f',
      '/api/launches/..%2f..%2faccounts',
      '/api/launches/%252e%252e%252faccounts',
      '/api/accounts;a=b',
      '//api/accounts',
    ];
    for (const way of ways) {
      const status = await statusOf('GET', way, headers);
      expect([way, status]).toEqual([
        way,
        expect.toSatisfy((one: number) => one === 400 || one === 403 || one === 404),
      ]);
    }
    for (const bad of [
      '/api/launches/%',
      '/api/launches/%zz',
      '/api/launches/%ff',
      '/api/launches/x%00y',
      `/api/launches/${'x'.repeat(10_000)}`,
    ])
      expect([bad.slice(0, 30), await statusOf('GET', bad, headers)]).toEqual([
        bad.slice(0, 30),
        expect.toSatisfy((one: number) => one >= 400 && one < 500),
      ]);
    expect(stage.api.trouble).toEqual([]);
  });
});

/** A fixed list: what breaks once breaks again. */
const payloads = [
  `' OR '1'='1`,
  `"; DROP TABLE tminus.run; --`,
  `1) UNION SELECT secret FROM identity.token --`,
  `$1 %s {{ candidate.url }} \${process.env} {"$ne":null}`,
  `../../../../etc/passwd`,
  `..\\..\\launch.md`,
  `<img src=x onerror=alert(1)>`,
  `\u202egnp.exe\u2066 \u0000\u0007É́𝕏\ufeff`,
  '9'.repeat(400),
  'a'.repeat(9_000),
];

/** What an answer should say of itself, and does not. */
function faultsOf({ status, headers }: Answer): string[] {
  const wanted = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  };
  const missing = Object.entries(wanted).flatMap(([name, value]) =>
    headers.get(name) === value ? [] : [`${name}: expected ${value}, got ${headers.get(name)}`],
  );
  const cache = headers.get('cache-control') ?? '';
  if (!/no-store|private, no-cache/u.test(cache))
    missing.push(`cache-control: expected a private one, got "${cache}" (${status})`);
  const open = [...headers.keys()].filter(
    (name) => name.startsWith('access-control-') || name === 'x-powered-by' || name === 'server',
  );
  return [...missing, ...open.map((name) => `${name}: expected none, got ${headers.get(name)}`)];
}

/** The status of a request as it stands: fetch would mend the address and refuse the method. */
function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(stage.api.url);
  return new Promise((resolve, reject) => {
    const asked = askRaw({ hostname, port, path, method, headers }, (answer: IncomingMessage) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    // Node ends a CONNECT that nobody takes without an answer.
    asked.on('connect', (answer) => resolve(answer.statusCode ?? 0));
    asked.on('error', (error) => (method === 'CONNECT' ? resolve(499) : reject(error)));
    asked.end();
  });
}
