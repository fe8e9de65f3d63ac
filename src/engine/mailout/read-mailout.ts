import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

import { readCondition } from '../../core/dataset/read-condition.ts';
import type { RowCondition } from '../../core/dataset/dataset.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Mailout } from '../../core/mailout/mailout.ts';
import { readSchema } from '../../kinds/checks/read-schema.ts';
import { loadWorkspaceText } from '../../kinds/checks/workspace-file.ts';

const line = z.string().min(1).max(1000);
const conditions = z.union([line, z.array(line).min(1).max(20)]);

const schema = z.strictObject({
  mailout: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a name in lower case'),
  dataset: line,
  side: z.enum(['source', 'target']).default('target'),
  email: line,
  where: conditions.optional(),
  skip: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), conditions).default({}),
  server: z.string().regex(/^smtps?:\/\/[^@/]+$/, 'smtp://host:port or smtps://host:port'),
  from: z.email(),
  user: line.optional(),
  password: line,
  unsubscribe: z.string().regex(/^https:\/\/[^<>]+$/, 'an https URL'),
  unsubscribed: line.optional(),
  bounced: line.optional(),
  rate: z.number().int().min(1).max(6000).default(60),
  subject: line,
});

/** Reads a mailout: Markdown whose front matter says who gets it, and whose text is the mail. Throws `document_unreadable`, with what is wrong. */
export async function readMailout(workspace: string, path: string): Promise<Mailout> {
  const loaded = await loadWorkspaceText(workspace, path);
  if (!loaded.ok) refuse(path, 'a file of the launch repository', loaded.trouble.code);
  const parts = /^---\r?\n(.*?)\r?\n---\r?\n(.*)$/s.exec(loaded.ok ? loaded.text : '');
  if (parts === null) refuse(path, 'front matter between two lines of ---, and a text', 'another file');
  const head = parseHead(path, parts[1]!);
  const text = parts[2]!.trim();
  if (text === '') refuse(path, 'a text behind the front matter', 'none');
  const { mailout: name, where, skip, user, unsubscribed, bounced, ...rest } = head;
  return {
    ...rest,
    name,
    text,
    where: toConditions(path, where ?? []),
    skip: Object.entries(skip).map(([reason, when]) => ({
      reason,
      when: toConditions(path, when),
    })),
    user: user ?? null,
    unsubscribed: unsubscribed ?? null,
    bounced: bounced ?? null,
  };
}

function parseHead(path: string, written: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = parseYaml(written, { maxAliasCount: 0 });
  } catch (error) {
    refuse(path, 'YAML', (error as Error).message.split('\n', 1)[0]!);
  }
  const read = readSchema(schema, (value ?? null) as Parameters<typeof readSchema>[1]);
  if (read.ok) return schema.parse(read.spec);
  const [fault] = read.faults;
  return refuse(`${path}: ${fault!.path.join('.') || 'front matter'}`, fault!.expected, fault!.got, fault!.hint);
}

function toConditions(path: string, written: string | string[]): RowCondition[] {
  return [written].flat().map((text) => {
    const read = readCondition(text);
    return read.ok
      ? read.condition
      : refuse(`${path}: ${text}`, read.fault.expected, 'another condition', read.fault.hint);
  });
}

function refuse(
  name: string,
  expected: string,
  got: string,
  hint = 'write it as the guide "write to many" shows',
): never {
  throw new ProductError('document_unreadable', `${name}: expected ${expected}, got ${got}`, { hint });
}
