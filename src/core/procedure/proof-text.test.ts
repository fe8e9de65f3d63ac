import { describe, expect, it } from 'vitest';

import { proofText } from './proof-text.ts';

const sha256 = 'ab'.repeat(32);

describe('proofText', () => {
  it('T31 names a file or an artifact by the digest of its bytes, and keeps everything else as it was said', () => {
    expect(proofText('file', { value: 'report.pdf', sha256 })).toEqual({
      ok: true,
      text: `report.pdf sha256:${sha256}`,
    });
    expect(proofText('artifact', { value: 'a.tar', sha256 })).toEqual({ ok: true, text: `a.tar sha256:${sha256}` });
    expect(proofText('comment', { value: 'it is quiet', sha256: null })).toEqual({ ok: true, text: 'it is quiet' });
    expect(proofText(null, { value: '', sha256: null })).toEqual({ ok: true, text: '' });
  });

  it('S5 takes no file without its digest, and no word for a URL', () => {
    expect(proofText('file', { value: 'report.pdf', sha256: null })).toMatchObject({ ok: false });
    expect(proofText('url', { value: 'javascript:alert(1)', sha256: null })).toMatchObject({ ok: false });
    expect(proofText('url', { value: 'https://shop.example/a b', sha256: null })).toMatchObject({ ok: false });
    expect(proofText('url', { value: 'https://shop.example/done', sha256: null })).toMatchObject({ ok: true });
  });
});
