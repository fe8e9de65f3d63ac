import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicKey } from 'node:crypto';

import { challengeOf, encodeAssertion, formatPasskey, verifySigned } from '@tminus/verify';
import type { PasskeyAssertion, Signed } from '@tminus/verify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from './open-browser.ts';

let browser: Browser;
let server: Server;
let page: Page;
let key: string;

const statement = { format: 'tminus/approval/1', person: 'alice', vote: 'go', comment: 'read it at night' };

beforeAll(async () => {
  server = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end('<title>page</title>'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  browser = await openBrowser();
  page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const abilities = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...abilities, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  key = formatPasskey('localhost', createPublicKey({ key: await register(), format: 'der', type: 'spki' }));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** SubjectPublicKeyInfo of a passkey that Chromium made. */
async function register(): Promise<Buffer> {
  const options = {
    challenge: Buffer.alloc(32).toString('base64url'),
    rp: { id: 'localhost', name: 'test' },
    user: { id: 'AQ', name: 'alice', displayName: 'Alice' },
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
  };
  const made = await page.evaluate<{ response: { publicKey: string } }>(`
    navigator.credentials
      .create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) })
      .then((made) => made.toJSON())`);
  return Buffer.from(made.response.publicKey, 'base64url');
}

/** What Chromium answers to the challenge. */
async function answer(challenge: string): Promise<PasskeyAssertion> {
  const options = { challenge, rpId: 'localhost', userVerification: 'required' };
  const got = await page.evaluate<{ response: PasskeyAssertion }>(`
    navigator.credentials
      .get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)}) })
      .then((got) => got.toJSON())`);
  return got.response;
}

async function signInBrowser(challenge: string): Promise<Signed<typeof statement>> {
  const value = encodeAssertion(await answer(challenge));
  return { format: 'tminus/signed/1', statement, signature: { person: 'alice', key, value } };
}

describe('a passkey of Chromium', () => {
  it('O21 signs a statement that verifies without the server', async () => {
    expect(key).toMatch(/^webauthn-es256:localhost:/u);
    const signed = await signInBrowser(challengeOf(statement));
    expect(() => verifySigned(signed, key)).not.toThrow();
  });

  it('A25 signs for nothing but what was shown', async () => {
    const signed = await signInBrowser(challengeOf({ ...statement, vote: 'no-go' }));
    expect(() => verifySigned(signed, key)).toThrow('clientDataJSON.challenge: expected');
    const elsewhere = key.replace(':localhost:', ':tminus.example:');
    const named = { ...signed, signature: { ...signed.signature, key: elsewhere } };
    const shown = { ...named, statement: { ...statement, vote: 'no-go' } };
    expect(() => verifySigned(shown, elsewhere)).toThrow('clientDataJSON.origin: expected');
  });
});
