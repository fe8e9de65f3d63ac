interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}

/**
 * Starts the service worker, which keeps the UI and the last answers for reading offline. Without one everything else works.
 * The policy of the page lets no other address of a script through (Trusted Types), and this one is not computed.
 */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
  const rules: ScriptPolicy = { createScriptURL: () => '/sw.js' };
  const policy = trustedTypes?.createPolicy('tminus-service-worker', rules) ?? rules;
  try {
    await navigator.serviceWorker.register(policy.createScriptURL('/sw.js'));
  } catch {
    // A browser that forbids it (private window, plain http) reads online only.
  }
}
