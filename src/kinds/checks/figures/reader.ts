import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toControlReport } from '../control-report.ts';
import { splitStat, toFileFacts } from '../file-stat.ts';
import { splitMoment, toMomentSource } from '../moment.ts';
import { refuseFence } from '../no-fence.ts';
import { parseYaml } from '../parse-yaml.ts';
import { readNamed } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toDurationMs } from '../report-spec.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { readFigures } from './read-figures.ts';
import { boundOf, figuresSchema } from './schema.ts';
import type { FiguresSpec } from './schema.ts';

/** Figures that people write down with source and date, each held against target and alert. */
export const figuresReader: CheckReader = {
  kind: 'figures',
  summary:
    'Holds figures of a file, each with source and date, against target and alert; between the two is a warning, and one that is missing or old makes all of them unknown.',
  jsonSchema: toJsonSchema(figuresSchema),
  readSpec: (written) => readSchema(figuresSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['alerts == 0', 'warnings == 0'],
  parse: (spec, sources) =>
    toReading(() => {
      const { rest, nowMs } = splitMoment(sources);
      const { files, stat } = splitStat(rest);
      const [file, ...others] = files;
      if (file === undefined) throw new Unreadable('missing', 'expected a file of figures, got none');
      if (others.length > 0)
        throw new Unreadable('ambiguous', `expected one file of figures, got ${files.length}; name one`);
      const figures = readNamed(file, (bytes) => readFigures(toSpec(spec), parseYaml(bytes), nowMs));
      const countOf = (level: string): number => figures.filter((figure) => figure['level'] === level).length;
      return {
        figures,
        count: figures.length,
        alerts: countOf('alert'),
        warnings: countOf('warn'),
        file: toFileFacts(files, stat),
      };
    }),
  negativeControl: (spec) => toControl(toSpec(spec)),
};

function toSpec(spec: JsonObject): FiguresSpec {
  return figuresSchema.parse(spec);
}

const units = { share: '%', seconds: 's', number: '' } as const;

/** Every figure beyond its alert, as old as is allowed. */
function toControl({ figures, maxAge }: FiguresSpec): ObservedSource[] {
  const dated = Date.parse('2000-01-01T00:00:00Z');
  const entries = Object.entries(figures).map(([name, { alert }]) => {
    const { is, value, unit } = boundOf(alert);
    const beyond = (unit === 'share' ? value * 100 : value) + (is.startsWith('<') ? -1 : 1);
    return [name, { value: `${beyond}${units[unit]}`, source: 'control', date: '2000-01-01' }];
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const report = toControlReport({}, { name: 'control.yaml', mediaType: 'application/yaml', text });
  return [...report, toMomentSource(dated + toDurationMs(maxAge))];
}
