const ids = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|(?=[\w-]*\d)[\w-]{20,})$/i;

/** Whether a part of a path, or a name of a field, names one thing of many, such as an order or an address. */
export function namesOne(text: string): boolean {
  return ids.test(text) || /@|%/.test(text);
}

/** Returns the route of a request, by which answers are counted: the method and the path without its query, with `:id` for what names one thing of many. */
export function toRoute(method: string, target: string): string {
  const [path = '/'] = target.split(/[?#]/, 1);
  const parts = path.split('/').map((part) => (namesOne(part) ? ':id' : part));
  return `${method} ${parts.join('/').slice(0, 200)}`;
}
