import { describe, expect, it } from 'vitest';

import { digest, node, sampleDecision } from '../../tests/fixtures/sample-decision.ts';
import { renderDecisionPage } from './decision-page.ts';

describe('renderDecisionPage', () => {
  it('F13 shows the word, every reason and the digest of the bytes', () => {
    const page = renderDecisionPage(sampleDecision(), 'Shop');
    for (const text of ['NO-GO', 'API answers', 'expected 200, got 503', digest, 'carol', 'make the API answer'])
      expect(page).toContain(text);
  });

  it('A19 keeps hostile text inert', () => {
    const hostile = '<img src=x onerror=alert(1)>"\'\u202Eevil';
    const page = renderDecisionPage(
      sampleDecision({ tree: node({ children: [node({ title: hostile, got: hostile })] }), gate: hostile }),
      hostile,
    );
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u202E');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;\\u202eevil');
  });

  it('says that no way leads to GO where none does, and shows no way on GO', () => {
    expect(renderDecisionPage(sampleDecision({ shortestWay: null }), 'Shop')).toContain(
      'No set of actions leads to GO',
    );
    expect(renderDecisionPage(sampleDecision({ outcome: 'go', shortestWay: [] }), 'Shop')).not.toContain('hortest way');
  });
});
