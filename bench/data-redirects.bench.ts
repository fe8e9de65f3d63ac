import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { judgeRedirects } from '../src/core/dataset/redirects/judge-redirects.ts';
import { compareRedirects } from '../src/kinds/checks/redirects/compare-redirects.ts';
import { redirectsSchema } from '../src/kinds/checks/redirects/schema.ts';
import { installDebianPackages } from '../tests/servers/install-debian-packages.ts';
import { findFreePort, startServerProcess } from '../tests/servers/server-process.ts';
import type { ServerProcess } from '../tests/servers/server-process.ts';
import { describeMachine } from './describe-machine.ts';
import { medianOf } from './side-by-side.ts';

interface RedirectSample {
  /** `sockets`: this runtime with nothing but sockets, which no client in it can beat. */
  way: 'redirects' | 'sockets' | 'wrk' | 'wrk in a row';
  requests: number;
  requestsPerSecond: number;
  /** CPU of who asks, and of nginx, microseconds for each request. */
  clientMicroseconds: number;
  serverMicroseconds: number;
}

/** R7: old URLs, each asked for with the page that it leads to, beside a load generator that looks at nothing. */
export interface DataRedirectsReport {
  name: 'data-redirects';
  machine: string;
  setting: string;
  /** Medians of requests a second of wall time. */
  requestsPerSecond: number;
  wrkRequestsPerSecond: number | null;
  timesWrk: number | null;
  /** The same by the CPU of who asks for each request, which other work on the machine changes less. */
  timesWrkByCpu: number | null;
  /** Of what wrk reaches that writes eight requests at a time, as the check does where no rate limits it. */
  timesWrkInARow: number | null;
  /** Of what plain sockets of this runtime reach. */
  timesSockets: number;
  /** What two processes could reach on these cores if nothing else ran: requests a second of all CPU that they and nginx take. */
  limitRequestsPerSecond: number;
  limitOfWrk: number | null;
  planted: number;
  found: number;
  goals: { timesWrk: number; met: boolean };
  samples: RedirectSample[];
}

const urls = Number(process.env['REDIRECT_URLS'] ?? 20_000);
const planted = 19;
const rounds = 5;
const connections = 16;
const goals = { timesWrk: 0.8 };

/** Asks one nginx for the same URLs in turns with wrk: each old URL, and each page that one leads to. */
export async function run(): Promise<DataRedirectsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-redirects-'));
  const server = await startSite(folder);
  const samples: RedirectSample[] = [];
  const missing: string[] = [];
  let found = 0;
  try {
    const wrk = await installDebianPackages({ packages: ['wrk'], programs: ['wrk'] });
    if (wrk.state === 'missing') missing.push(wrk.reason);
    writeFileSync(join(folder, 'list'), listUrls());
    writeFileSync(join(folder, 'wrk.lua'), askInTurn);
    writeFileSync(join(folder, 'wrk in a row.lua'), askInARow);
    // Once before anything counts: both start cold, and one of them compiles.
    await askAll(folder, server);
    for (let round = 0; round < rounds; round += 1) {
      const asked = await askAll(folder, server);
      samples.push(asked.sample);
      ({ found } = asked);
      samples.push(await askBySockets(server));
      if (wrk.state === 'installed')
        for (const way of ['wrk', 'wrk in a row'] as const)
          samples.push(runWrk(wrk.binaries[0] ?? '', { folder, way }, server));
    }
  } finally {
    await server.process.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return toReport(samples, { found, missing });
}

interface Site {
  url: string;
  process: ServerProcess;
}

const isPlanted = (id: number): boolean =>
  id % Math.floor(urls / planted) === 0 && id < planted * Math.floor(urls / planted);

async function startSite(folder: string): Promise<Site> {
  const installed = await installDebianPackages({ packages: ['nginx-light'], programs: ['nginx'] });
  if (installed.state === 'missing') throw new Error(`expected nginx, got none: ${installed.reason}`);
  const port = await findFreePort();
  const wrong = Array.from({ length: urls }, (_, id) => id).filter(isPlanted);
  const locations = wrong.map(
    (id, at) => `location = /old/${id} { return ${['404', '301 /new/0x', '302 /new/' + id][at % 3]}; }`,
  );
  const config = `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  default_type text/html;
  server {
    listen 127.0.0.1:${port};
    ${locations.join('\n    ')}
    location ~ "^/old/(\\d+)$" { return 301 /new/$1; }
    location ~ "^/new/(\\d+)$" { return 200 "<html><title>Page $1</title><body>A page of some length that says what it is about, page $1.</body></html>"; }
  }
}
`;
  writeFileSync(join(folder, 'nginx.conf'), config);
  const url = `http://127.0.0.1:${port}`;
  const started = await startServerProcess({
    binary: installed.binaries[0] ?? '',
    args: [
      '-p',
      folder,
      '-c',
      join(folder, 'nginx.conf'),
      '-g',
      'daemon off; master_process off;',
      '-e',
      join(folder, 'error.log'),
    ],
    cwd: folder,
    isReady: async () => (await fetch(`${url}/new/1`)).ok,
  });
  return { url, process: started };
}

function listUrls(): string {
  return Array.from({ length: urls }, (_, id) => `/old/${id} 301 /new/${id}\n`).join('');
}

const askInTurn = `local id = 0
request = function()
  id = id + 1
  return wrk.format("GET", (id % 2 == 0 and "/old/" or "/new/") .. (math.floor(id / 2) % ${urls}))
end
`;

const askInARow = `local id = 0
request = function()
  local some = {}
  for at = 1, 8 do
    id = id + 1
    some[at] = wrk.format("GET", (id % 2 == 0 and "/old/" or "/new/") .. (math.floor(id / 2) % ${urls}))
  end
  return table.concat(some)
end
`;

async function askAll(
  folder: string,
  { url, process: server }: Site,
): Promise<{ sample: RedirectSample; found: number }> {
  const spec = redirectsSchema.parse({ base: url, list: 'list', sample: 100_000, rate: 0, connections });
  const [cpu, nginx, start] = [process.cpuUsage(), secondsOf(server.pid), performance.now()];
  const report = await compareRedirects(spec, {
    workspace: folder,
    signal: new AbortController().signal,
    allow: ['127.0.0.1'],
    now: Date.now,
  });
  const { verdict, wrong, checked } = judgeRedirects(report, { hops: spec.hops, cache: null });
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const requests = report.answers.length;
  if (checked !== urls || verdict === 'correct')
    throw new Error(`expected ${urls} URLs and some wrong, got ${checked}, ${verdict}`);
  const sample: RedirectSample = {
    way: 'redirects',
    requests,
    requestsPerSecond: requests / seconds,
    clientMicroseconds: (user + system) / requests,
    serverMicroseconds: ((secondsOf(server.pid) - nginx) / requests) * 1e6,
  };
  return { sample, found: wrong.length };
}

/** The same requests over as many sockets, whose answers are only counted. */
async function askBySockets({ url, process: server }: Site): Promise<RedirectSample> {
  const requests = urls * 2;
  const [cpu, nginx, start] = [process.cpuUsage(), secondsOf(server.pid), performance.now()];
  let next = 0;
  const { hostname, port } = new URL(url);
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      let wanted = 0;
      const ask = (): void => {
        const id = next;
        next += 1;
        if (id >= requests) return void socket.end(resolve);
        socket.write(`GET ${id < urls ? '/old/' : '/new/'}${id % urls} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      };
      socket.on('error', reject).on('connect', ask);
      socket.on('data', (bytes) => {
        if (wanted === 0) {
          const head = bytes.indexOf('\r\n\r\n') + 4;
          wanted = head + Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
        }
        wanted -= bytes.byteLength;
        if (wanted <= 0) ask();
        wanted = Math.max(0, wanted);
      });
    });
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    way: 'sockets',
    requests,
    requestsPerSecond: requests / seconds,
    clientMicroseconds: (user + system) / requests,
    serverMicroseconds: ((secondsOf(server.pid) - nginx) / requests) * 1e6,
  };
}

/** One thread, as many connections, the same two kinds of URLs. */
function runWrk(
  binary: string,
  { folder, way }: { folder: string; way: 'wrk' | 'wrk in a row' },
  { url, process: server }: Site,
): RedirectSample {
  const nginx = secondsOf(server.pid);
  const args = ['-t1', `-c${connections}`, '-d3s', '-s', join(folder, `${way}.lua`), url];
  const ended = spawnSync('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$0" "$@"', binary, ...args], {
    encoding: 'utf8',
  });
  const [, asked] = /(\d+) requests in/.exec(ended.stdout) ?? [];
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(ended.stdout) ?? [];
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(ended.stderr) ?? [];
  const requests = Number(asked);
  if (!(requests > 0)) throw new Error(`wrk: expected requests, got none: ${ended.stdout}${ended.stderr}`);
  return {
    way,
    requests,
    requestsPerSecond: Number(rate),
    clientMicroseconds: ((Number(user) + Number(system)) / requests) * 1e6,
    serverMicroseconds: ((secondsOf(server.pid) - nginx) / requests) * 1e6,
  };
}

/** CPU seconds of a process: utime and stime of proc(5), in ticks of a hundredth. */
function secondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / 100;
}

function toReport(
  samples: RedirectSample[],
  { found, missing }: { found: number; missing: readonly string[] },
): DataRedirectsReport {
  const of = (way: RedirectSample['way'], value: (one: RedirectSample) => number): number =>
    medianOf(samples.filter((one) => one.way === way).map(value));
  const limitOf = (way: RedirectSample['way']): number =>
    of(way, (one) =>
      Math.min(
        1e6 / Math.max(one.clientMicroseconds, one.serverMicroseconds),
        (availableParallelism() * 1e6) / (one.clientMicroseconds + one.serverMicroseconds),
      ),
    );
  const requestsPerSecond = of('redirects', (one) => one.requestsPerSecond);
  const microsecondsOf = (one: RedirectSample): number => one.clientMicroseconds;
  const isCompared = samples.some(({ way }) => way === 'wrk');
  const wrkRequestsPerSecond = isCompared ? of('wrk', (one) => one.requestsPerSecond) : null;
  const timesWrk = wrkRequestsPerSecond && requestsPerSecond / wrkRequestsPerSecond;
  const lost = missing.length === 0 ? '' : `; NOT MEASURED: ${missing.join(', ')}`;
  return {
    name: 'data-redirects',
    machine: describeMachine(),
    setting: `${urls} old URLs and their pages, ${connections} connections, one worker of nginx; ${found} of ${planted} planted found; wrk alternates between the same URLs and reads nothing${lost}`,
    requestsPerSecond,
    wrkRequestsPerSecond,
    timesWrk,
    timesWrkByCpu: isCompared ? of('wrk', microsecondsOf) / of('redirects', microsecondsOf) : null,
    timesWrkInARow: isCompared ? requestsPerSecond / of('wrk in a row', (one) => one.requestsPerSecond) : null,
    timesSockets: requestsPerSecond / of('sockets', (one) => one.requestsPerSecond),
    limitRequestsPerSecond: limitOf('redirects'),
    limitOfWrk: isCompared ? limitOf('wrk') : null,
    planted,
    found,
    goals: { ...goals, met: found === planted && (timesWrk ?? 0) >= goals.timesWrk },
    samples,
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
