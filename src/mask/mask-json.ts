const mostDepth = 200;
const secretName =
  /^(?:.*[_.-])?(?:pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|api[_-]?keys?|apikeys?|private[_-]?key|credentials?|authorization|cookie|set-cookie)$|(?:Password|Passphrase|Secret|Token|ApiKey|PrivateKey|SecretKey|AccessKey)$/i;

/**
 * A copy of a JSON value in which every string and every key is masked, and what stands under a name such as `password` is masked whole.
 * What JSON cannot say comes out as text: an error as name, message, code and stack, a cycle or a depth of 200 as a mask.
 */
export function maskJsonValue(value: unknown, maskText: (text: string) => string): unknown {
  return walk(value, { maskText, above: [], isSecret: false });
}

interface Walk {
  maskText: (text: string) => string;
  above: readonly object[];
  isSecret: boolean;
}

function walk(value: unknown, state: Walk): unknown {
  if (typeof value === 'string') return state.isSecret && value !== '' ? '[masked:field]' : state.maskText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return maskNumber(value, state);
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  if (state.above.includes(value)) return '[masked:cycle]';
  if (state.above.length >= mostDepth) return '[masked:depth]';
  const inside = { ...state, above: [...state.above, value] };
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, inside));
  if (value instanceof Uint8Array) return state.maskText(Buffer.from(value).toString('utf8'));
  if ('toJSON' in value && typeof value.toJSON === 'function') return walk(value.toJSON(), inside);
  if (value instanceof Map) return walk(Object.fromEntries(value), inside);
  if (value instanceof Set) return walk([...value], inside);
  return maskEntries(value instanceof Error ? readError(value) : value, inside);
}

function maskNumber(value: number | bigint, { maskText, isSecret }: Walk): unknown {
  const text = String(value);
  const masked = isSecret && text.length >= 6 ? '[masked:field]' : maskText(text);
  return masked === text ? value : masked;
}

/** Two keys that read the same once they are masked stay two. */
function maskEntries(value: object, state: Walk): object {
  const seen = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const masked = state.maskText(key);
      let name = masked;
      for (let count = 2; seen.has(name); count += 1) name = `${masked} (${count})`;
      seen.add(name);
      return [name, walk(item, { ...state, isSecret: state.isSecret || secretName.test(key) })];
    }),
  );
}

function readError(error: Error): object {
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...(cause === undefined ? {} : { cause }),
    ...Object.fromEntries(Object.entries(error)),
  };
}
