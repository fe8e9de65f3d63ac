import type { Page } from 'playwright-core';

/** Gives the browser of a page a platform authenticator that verifies its user without asking: what a laptop with a fingerprint reader is. */
export async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const abilities = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...abilities, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}
