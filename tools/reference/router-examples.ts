/** Options of each kind of router as a launch document has them, but for its kind; the page throws where the kind finds a fault in them. */
export const routerExamples: { readonly [kind: string]: { readonly [option: string]: string } } = {
  argo: { url: 'https://cluster.example.net:6443', ca: 'cluster-ca.pem', rollout: 'shop' },
  command: { read: 'tools/split read', set: 'tools/split set $weight' },
  dns: {
    server: 'ns1.example.net',
    zone: 'example.org',
    name: 'www.example.org',
    stable: '192.0.2.1',
    canary: '192.0.2.2',
    ttl: '60s',
    oldTtl: '1h',
    proof: 'ttl-www.json',
  },
  'flag-file': { file: 'flags.json', flag: 'new-checkout', stable: 'off', canary: 'on' },
  gateway: {
    url: 'https://cluster.example.net:6443',
    ca: 'cluster-ca.pem',
    namespace: 'shop',
    route: 'web',
    stable: 'web-stable',
    canary: 'web-canary',
  },
  haproxy: { socket: 'haproxy.sock', backend: 'app', stable: 'stable', canary: 'canary', state: 'haproxy.state' },
  nginx: { admin: 'http://127.0.0.1:8081/split' },
};
