import { describe, expect, it } from 'vitest';

import { chooseFormat } from './choose-format.ts';
import { renderExposition } from './render-exposition.ts';
import type { MetricFamily } from './render-exposition.ts';

describe('the format that a scraper gets', () => {
  it.each([
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    ['application/openmetrics-text; version="1.0.0"; charset=utf-8', 'openmetrics'],
    ['text/plain;version=0.0.4', 'prometheus'],
    ['text/plain, application/openmetrics-text;q=0.4', 'prometheus'],
    ['application/openmetrics-text;version=2.0.0', 'prometheus'],
    ['application/openmetrics-text;q=0', 'prometheus'],
    ['application/openmetrics-text;q=x', 'prometheus'],
    ['*/*', 'prometheus'],
    ['', 'prometheus'],
  ])('O16 %s', (accept, format) => {
    expect(chooseFormat(accept)).toBe(format);
  });
});

describe('OpenMetrics', () => {
  const families: MetricFamily[] = [
    { name: 'a', type: 'counter', help: 'say "a"', samples: [{ suffix: '', labels: {}, value: 2 }] },
    { name: 'b_seconds', type: 'gauge', help: 'b', samples: [{ suffix: '', labels: { of: 'x' }, value: 0.5 }] },
    { name: 'c', type: 'info', help: 'c', samples: [{ suffix: '', labels: { version: '1' }, value: 1 }] },
  ];

  it('O16 names counters and infos without the end of their samples, says units, and ends with EOF', () => {
    expect(renderExposition(families, 'openmetrics').split('\n')).toEqual([
      '# HELP a say \\"a\\"',
      '# TYPE a counter',
      'a_total 2',
      '# HELP b_seconds b',
      '# TYPE b_seconds gauge',
      '# UNIT b_seconds seconds',
      'b_seconds{of="x"} 0.5',
      '# HELP c c',
      '# TYPE c info',
      'c_info{version="1"} 1',
      '# EOF',
      '',
    ]);
  });

  it('O16 the older text has neither', () => {
    const lines = renderExposition(families).split('\n');
    expect(lines).toContain('# TYPE a_total counter');
    expect(lines).toContain('# TYPE c_info gauge');
    expect(lines.filter((line) => /EOF|UNIT/u.test(line))).toEqual([]);
  });
});
