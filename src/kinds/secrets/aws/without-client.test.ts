import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** A program in which the package of AWS cannot be found, as on a machine that never needed it. */
function askAll(found: boolean): { status: number | null; codes: unknown } {
  const script = `
    import { registerHooks } from 'node:module';
    const hide = ${String(!found)};
    registerHooks({ resolve: (name, context, next) => {
      if (hide && name.startsWith('@aws-sdk/')) throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    } });
    const { secretProviders } = await import('../providers.ts');
    const codes = {};
    const environment = { KEY: 'value', AWS_REGION: 'eu-north-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const context = { environment, workspace: '/nonexistent', prefix: null, signal: AbortSignal.timeout(100_000) };
    for (const [kind, name] of [['aws', 'shop/db'], ['env', 'KEY']]) {
      const provider = secretProviders.find((each) => each.kind === kind);
      const reading = await provider.resolve({ id: 'x', reference: { [kind]: name } }, context);
      codes[kind] = reading.state === 'failed' ? reading.trouble.code : reading.state;
    }
    console.log(JSON.stringify(codes));
  `;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status: ran.status, codes: ran.stdout === '' ? ran.stderr : (JSON.parse(ran.stdout) as unknown) };
}

describe('a machine without the client of AWS', () => {
  it('O06 says which package is missing where a secret is kept there, and reads all others', () => {
    expect(askAll(false)).toEqual({ status: 0, codes: { aws: 'provider_missing', env: 'resolved' } });
  });

  it('O06 (negative control) asks the store where the package is there', () => {
    expect(askAll(true)).toEqual({ status: 0, codes: { aws: 'unreachable', env: 'resolved' } });
  });
});
