/** A family of samples with one name. */
export interface MetricFamily {
  /** Letters, digits and underscores, as Prometheus wants it. */
  name: string;
  type: 'gauge' | 'counter' | 'summary';
  help: string;
  samples: { suffix: '' | '_sum' | '_count'; labels: { [label: string]: string }; value: number }[];
}

/** The families in the text format of Prometheus, version 0.0.4. Throws for a name that the format does not have. */
export function renderExposition(families: readonly MetricFamily[]): string {
  return families.flatMap(renderFamily).join('');
}

function renderFamily({ name, type, help, samples }: MetricFamily): string[] {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/u.test(name))
    throw new RangeError(`metric name: expected letters, digits and _, got ${name}`);
  const lines = samples.map(
    ({ suffix, labels, value }) => `${name}${suffix}${renderLabels(labels)} ${renderValue(value)}\n`,
  );
  return [`# HELP ${name} ${escape(help)}\n`, `# TYPE ${name} ${type}\n`, ...lines];
}

function renderLabels(labels: { [label: string]: string }): string {
  const pairs = Object.entries(labels).map(([label, value]) => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/u.test(label))
      throw new RangeError(`label: expected letters, digits and _, got ${label}`);
    return `${label}="${escape(value).replaceAll('"', '\\"')}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function renderValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
