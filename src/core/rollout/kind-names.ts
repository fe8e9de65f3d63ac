/** Kinds of routers, as documents name them. */
export const routerKindNames = ['argo', 'command', 'dns', 'flag-file', 'gateway', 'haproxy', 'nginx'] as const;

/** Kinds of metric sources, as documents name them. */
export const metricSourceKindNames = [
  'haproxy-stats',
  'metrics-text',
  'otlp',
  'prometheus',
  'shadow',
  'sql',
  'statsd',
] as const;
