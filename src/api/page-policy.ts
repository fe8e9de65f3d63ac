/** One line of the policy under which browsers show our pages. */
export interface PolicyRule {
  directive: string;
  /** Empty where the directive has no values. `{nonce}` stands for the one of the answer. */
  sources: readonly string[];
  /** What needs it, or what would be possible without it. */
  why: string;
}

/**
 * The least that the pages work under (CSP level 3; Trusted Types). Whatever is not here is forbidden by `default-src`: frames, media, objects, prefetching.
 * Nothing names another host, so that no text of a launch can make a browser tell anybody that it was read (A20).
 */
export const pageRules: readonly PolicyRule[] = [
  { directive: 'default-src', sources: ["'none'"], why: 'what nobody thought of is forbidden' },
  {
    directive: 'script-src',
    sources: ["'self'"],
    why: 'files of the build alone; no nonce, because a page that is kept for offline keeps it, and no script of ours is inline',
  },
  {
    directive: 'style-src',
    sources: ["'self'", "'nonce-{nonce}'"],
    why: 'style sheets of the build; the editor of documents writes its own into the page, with the nonce that the page tells it',
  },
  {
    directive: 'img-src',
    sources: ["'self'", 'data:'],
    why: 'icon and pictures of the launch repository; the editor underlines findings by a drawing inside its style sheet',
  },
  { directive: 'font-src', sources: ["'self'"], why: 'one font, served by us' },
  { directive: 'connect-src', sources: ["'self'"], why: 'the API and its stream' },
  { directive: 'manifest-src', sources: ["'self'"], why: 'the page can be installed' },
  { directive: 'worker-src', sources: ["'self'"], why: 'the service worker' },
  { directive: 'base-uri', sources: ["'none'"], why: 'injected markup would else move every relative address' },
  {
    directive: 'form-action',
    sources: ["'none'"],
    why: 'scripts send what forms hold; a form that was injected, or is sent before they run, sends no password',
  },
  { directive: 'frame-ancestors', sources: ["'none'"], why: 'nobody puts a page of ours under a page of theirs (A21)' },
  { directive: 'require-trusted-types-for', sources: ["'script'"], why: 'no text becomes markup or script (A19)' },
  {
    directive: 'trusted-types',
    sources: ['tminus-service-worker'],
    why: 'the address of the service worker, which is no text of anybody; a second policy of the name is refused',
  },
  {
    directive: 'report-uri',
    sources: ['/api/browser-reports'],
    why: 'what was refused is kept and shown to admins; not report-to, which browsers follow over https alone and which keeps them from this one',
  },
];

/** What a page of ours may not use of the machine; passkeys and the clipboard it may, and nobody in a frame. */
const closed = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb'];
const own = ['clipboard-write', 'publickey-credentials-create', 'publickey-credentials-get'];

/** The headers of a page whose answer has this nonce. */
export function toPageHeaders(nonce: string): { [name: string]: string } {
  return {
    'content-security-policy': pageRules
      .map(({ directive, sources }) => [directive, ...sources].join(' ').replace('{nonce}', nonce))
      .join('; '),
    'permissions-policy': [...closed.map((name) => `${name}=()`), ...own.map((name) => `${name}=(self)`)].join(', '),
  };
}

/** The policy of the service worker, which is its own and not that of the page (CSP level 3 section 4.1): it asks us, and runs nothing else. */
export const workerPolicy = "default-src 'none'; connect-src 'self'";
