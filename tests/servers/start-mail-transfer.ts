import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

/** A mail as the server took it: envelope, and head and body as they came. */
export interface TransferredMail {
  from: string;
  to: string[];
  data: string;
}

/** A mail server of Debian: who gives another password than this one is not let in, and nobody sends without one. */
export interface TestMailTransfer {
  state: 'started';
  /** `127.0.0.1:port` */
  host: string;
  password: string;
  /** What was taken so far. */
  readMails: () => TransferredMail[];
  stop: () => Promise<void>;
}

/** The server is aiosmtpd; the rest is who may sign in, whom it refuses, and where mails go. */
const program = `import json, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
class Kept:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('no-'): return '550 5.1.1 nobody of that name'
        envelope.rcpt_tos.append(address)
        return '250 OK'
    async def handle_DATA(self, server, session, envelope):
        mail = {'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'data': envelope.content.decode('utf8')}
        with open(sys.argv[2], 'a') as file: file.write(json.dumps(mail) + chr(10))
        return '250 OK'
def may(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b'team' and data.password == sys.argv[3].encode(), handled=False)
Controller(Kept(), hostname='127.0.0.1', port=int(sys.argv[1]), authenticator=may, auth_required=True, auth_require_tls=False).start()
while True: time.sleep(60)
`;

/** Starts one on a loopback port, installed from Debian where it is missing and can be. */
export async function startMailTransfer(): Promise<TestMailTransfer | ServerMissing> {
  const wanted = { packages: ['python3-aiosmtpd'], programs: ['aiosmtpd', 'python3'] };
  const installed = await installDebianPackages(wanted);
  if (installed.state === 'missing') return installed;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-mail-'));
  const [script, mails] = [join(folder, 'server.py'), join(folder, 'mails.jsonl')];
  writeFileSync(script, program);
  const port = await findFreePort();
  const password = 'canary-transfer-pass';
  const server = await startServerProcess({
    binary: installed.binaries[1]!,
    args: [script, String(port), mails, password],
    cwd: folder,
    isReady: () => greets(port),
  });
  return {
    state: 'started',
    host: `127.0.0.1:${port}`,
    password,
    readMails: () =>
      existsSync(mails)
        ? readFileSync(mails, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as TransferredMail)
        : [],
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString().startsWith('220'));
    });
    socket.once('error', () => resolve(false));
  });
}
