import { namesOne } from './to-route.ts';

/** An answer as it is compared. */
export interface ShadowAnswer {
  status: number;
  headers: { readonly [name: string]: string };
  body: string;
}

/** More fields are told as one: a page of another kind differs in thousands. */
const mostFields = 50;

/** Which headers are held against each other, and which fields are nobody's news: each with all that lies inside it. */
export interface ComparedParts {
  compare: readonly string[];
  ignore: readonly string[];
}

/**
 * Returns what differs between two answers: `status`, `header NAME` for the headers that are named, and paths in a JSON body such as `body.items[].price`. The order of
 * members, and white space outside of texts, make no difference; elements of lists are compared place by place. A body that is no JSON is compared as it is. No value is
 * ever in it, and no key that looks like one: a name of a field that names one thing of many is `:key`.
 */
export function compareAnswers(one: ShadowAnswer, other: ShadowAnswer, { compare, ignore }: ComparedParts): string[] {
  const fields = new Set<string>();
  const add = (field: string): void => void (isIgnored(field, ignore) ? undefined : fields.add(field));
  if (one.status !== other.status) add('status');
  for (const name of compare) if (one.headers[name] !== other.headers[name]) add(`header ${name}`);
  if (one.body !== other.body) compareBodies(one.body, other.body, { path: 'body', add, size: () => fields.size });
  return [...fields].slice(0, mostFields).toSorted();
}

function isIgnored(field: string, ignore: readonly string[]): boolean {
  return ignore.some((path) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[]`));
}

function compareBodies(one: string, other: string, at: At): void {
  const [left, right] = [parse(one), parse(other)];
  if (left === undefined || right === undefined) at.add('body');
  else compareValues(left, right, at);
}

interface At {
  path: string;
  add: (field: string) => void;
  size: () => number;
}

function compareValues(one: unknown, other: unknown, at: At): void {
  const { path, add, size } = at;
  if (size() > mostFields || Object.is(one, other)) return;
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) add(`${path}.length`);
    for (let index = 0; index < Math.min(one.length, other.length); index += 1)
      compareValues(one[index], other[index], { ...at, path: `${path}[]` });
  } else if (isObject(one) && isObject(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const inner = `${path}.${nameOf(key)}`;
      if (Object.hasOwn(one, key) && Object.hasOwn(other, key))
        compareValues(one[key], other[key], { ...at, path: inner });
      else add(inner);
    }
  } else add(path);
}

/** Names that people gave to fields; anything else may be an address, a number of a customer, a token. */
const givenName = /^[a-z_$][\w$-]{0,39}$/i;

function nameOf(key: string): string {
  return givenName.test(key) && !namesOne(key) ? key : ':key';
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
