import type { JsonObject } from '@tminus/verify';

import { fillValues } from '../../../core/step/fill-values.ts';
import type { StepContext } from '../../../core/step/step-kind.ts';
import { openSecrets } from '../open-templates.ts';
import { readStepSchema } from '../read-step-schema.ts';
import type { SignedServer } from './ask-server.ts';
import { findServer } from './find-server.ts';
import { dnsStepSchema } from './schema.ts';
import type { DnsStepSpec } from './schema.ts';
import { readTsigKey } from './tsig-key.ts';
import type { TsigKey } from './tsig-key.ts';

/** A spec with its templates filled in and the server that it may talk to; or why nothing can be sent. */
export type Opened = { ok: true; spec: DnsStepSpec; server: SignedServer } | { ok: false; reason: string };

/** Everything that is needed before the first message, and nothing that leaves the machine but the look-up of the server's name. */
export async function openServer(written: JsonObject, context: StepContext, clock: () => number): Promise<Opened> {
  const filled = fillValues(written, context.variables);
  if (!filled.ok) return refuse(`expected values for ${filled.missing.join(', ')}, got none`);
  // A value is data: one that reads like a template of a secret must not open it.
  if (filled.spec['key'] !== written['key']) return refuse('key: expected a secret by its name, got a value');
  const read = readStepSchema(dnsStepSchema, filled.spec);
  if (!read.ok)
    return refuse(
      read.faults.map(({ path, expected, got }) => `${path.join('.')}: expected ${expected}, got ${got}`).join('; '),
    );
  const spec = read.spec as unknown as DnsStepSpec;
  const found = await findServer(spec, context);
  if (!found.ok) return refuse(found.reason);
  const key = await openKey(spec.key, context);
  if (!key.ok) return refuse(key.reason);
  const { transport, timeout: timeoutMs } = spec;
  return {
    ok: true,
    spec,
    server: { server: found.server, key: key.key, transport, timeoutMs, signal: context.signal, clock },
  };
}

async function openKey(
  template: string,
  context: StepContext,
): Promise<{ ok: true; key: TsigKey } | { ok: false; reason: string }> {
  const opened = await openSecrets({ key: template }, context);
  if (!opened.ok) return refuse(opened.end.detail);
  const [value] = opened.values;
  const read = readTsigKey(value?.exposeText() ?? '');
  value?.wipe();
  return read.ok ? read : refuse(`secret ${value?.name ?? template}: ${read.reason}`);
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
