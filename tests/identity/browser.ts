import type { Identity } from '../../src/engine/identity/identity.ts';

/** An answer, read. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> | null;
}

/** As much of a browser as sign-in needs: it keeps cookies and says from which page it asks. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly baseUrl: string;
  ip: string;

  constructor(baseUrl: string, ip: string) {
    this.baseUrl = baseUrl;
    this.ip = ip;
  }

  /** Another browser with a copy of the cookies, as a thief would have it. */
  stolen(ip: string): Browser {
    const thief = new Browser(this.baseUrl, ip);
    for (const [name, value] of this.cookies) thief.cookies.set(name, value);
    return thief;
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const own = { 'content-type': 'application/json', origin: this.baseUrl, ...headers };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.ask(`/api/auth${path}`, { method: 'POST', body: text, headers: own });
  }

  get(path: string): Promise<Answer> {
    return this.ask(`/api/auth${path}`, {});
  }

  async me(headers: Record<string, string> = {}): Promise<Identity | null> {
    return (await this.ask('/me', { headers })).body as Identity | null;
  }

  async ask(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('x-test-ip', this.ip);
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(new URL(path, this.baseUrl), { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown> | null);
    return { status: response.status, headers: response.headers, body };
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
