/** A family of samples with one name. */
export interface MetricFamily {
  /** Letters, digits and underscores, as Prometheus wants it; of a counter or info without the `_total` or `_info` that its samples get. */
  name: string;
  type: 'gauge' | 'counter' | 'summary' | 'histogram' | 'info';
  help: string;
  samples: {
    suffix: '' | '_sum' | '_count' | '_bucket';
    labels: { [label: string]: string };
    value: number;
  }[];
}

/** The text format of Prometheus, version 0.0.4, or OpenMetrics 1.0. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** What an answer in a format is called. */
export const expositionTypes: { readonly [format in ExpositionFormat]: string } = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * The families as text. OpenMetrics ends with `# EOF`, so that whoever reads it sees a text that was cut (OpenMetrics 1.0, section "Overall Structure"), and names the unit
 * of families whose name ends with one. Throws for a name that the formats do not have.
 */
export function renderExposition(families: readonly MetricFamily[], format: ExpositionFormat = 'prometheus'): string {
  const text = families.flatMap((family) => renderFamily(family, format)).join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}

/** What samples of a type have at the end of their name, which in OpenMetrics does not belong to that of the family. */
const endings = { counter: '_total', info: '_info', gauge: '', summary: '', histogram: '' } as const;
const units = /_(seconds|ratio|bytes)$/u;

function renderFamily({ name, type, help, samples }: MetricFamily, format: ExpositionFormat): string[] {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/u.test(name))
    throw new RangeError(`metric name: expected letters, digits and _, got ${name}`);
  const isOpen = format === 'openmetrics';
  const sampleName = `${name}${endings[type]}`;
  const [family, word] = isOpen ? [name, type] : [sampleName, type === 'info' ? 'gauge' : type];
  const unit = isOpen ? units.exec(name)?.[1] : undefined;
  const lines = samples.map(
    ({ suffix, labels, value }) => `${sampleName}${suffix}${renderLabels(labels)} ${renderValue(value)}\n`,
  );
  return [
    `# HELP ${family} ${isOpen ? quote(help) : escape(help)}\n`,
    `# TYPE ${family} ${word}\n`,
    ...(unit === undefined ? [] : [`# UNIT ${family} ${unit}\n`]),
    ...lines,
  ];
}

function renderLabels(labels: { [label: string]: string }): string {
  const pairs = Object.entries(labels).map(([label, value]) => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/u.test(label))
      throw new RangeError(`label: expected letters, digits and _, got ${label}`);
    return `${label}="${quote(value)}"`;
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

function quote(text: string): string {
  return escape(text).replaceAll('"', '\\"');
}
