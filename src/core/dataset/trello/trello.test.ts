import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cleanUrl } from './clean-url.ts';
import { planCsvImport } from './plan-csv-import.ts';
import { carriedEntities, planTrelloImport } from './plan-trello-import.ts';
import type { TrelloRules } from './plan-trello-import.ts';
import { redactBoard } from './redact-board.ts';
import type { FoundSecret, RedactionTools } from './redact-board.ts';
import { toRedactionManifest, writeRedactedBoard } from './redaction-manifest.ts';
import { toyBoard } from './toy-board.fixture.ts';

const sample = join(
  import.meta.dirname,
  '../../../../../shared/samples/imports/trello/wekan-wekan__trello-project100.json',
);

const tools: RedactionTools = {
  pseudonym: (id) => `person-${id.slice(-2)}`,
  findSecrets: (text): FoundSecret[] =>
    [...text.matchAll(/hunter2-canary/g)].map(({ index }) => ({ start: index, end: index + 14, rule: 'password' })),
};
const rules: TrelloRules = {
  activeLists: ['Preparation', 'Announced', 'After event'],
  existing: new Set(),
  knownAssignees: new Set(['person-01']),
  workflowTypes: new Set(['Meetup']),
  carried: carriedEntities,
};

describe('redaction of a board', () => {
  const redacted = redactBoard(toyBoard, tools)!;
  const written = writeRedactedBoard(redacted);

  it('D35 nothing restricted is left: every canary of the export is gone', () => {
    expect(JSON.stringify(toyBoard).match(/canary/gi)!.length).toBeGreaterThan(12);
    expect(written).not.toMatch(/canary|ada|lovelace|@/i);
    const manifest = toRedactionManifest(redacted, { sourceSha256: 'a', redactedSha256: 'b' });
    expect(JSON.stringify(manifest)).not.toMatch(/canary|lovelace/i);
  });

  it('a field that somebody allows shows (negative control)', () => {
    expect(written).toContain('Book the room');
    const leaky = redactBoard(toyBoard, { ...tools, findSecrets: () => [] })!;
    expect(writeRedactedBoard(leaky)).toContain('hunter2-canary');
  });

  it('counts what every rule took, and what went in, stayed and was dropped', () => {
    expect(redacted.rules).toMatchObject({
      'secret:password': 1,
      'url:signed': 1,
      'url:internal': 1,
      'url:upload': 1,
      'url:invalid': 1,
      'field:card.email': 1,
    });
    expect(redacted.entities['action']).toEqual({ in: 1, kept: 0, dropped: 1, redacted: 0 });
    expect(redacted.entities['card']).toMatchObject({ in: 8, kept: 8, dropped: 0 });
  });

  it('gives the same bytes whatever the order of the export', () => {
    const turned = { ...toyBoard, cards: (toyBoard['cards'] as unknown[]).toReversed() as never };
    expect(writeRedactedBoard(redactBoard(turned, tools)!)).toBe(written);
  });

  it('keeps people apart and the key to them out of the file', () => {
    expect(redacted.people).toEqual([
      { pseudonym: 'person-01', id: 'member-01', fullName: 'Ada Lovelace', username: 'ada_canary' },
      expect.anything(),
    ]);
    expect(written).toContain('person-01');
  });

  it('refuses what is no board', () => {
    expect(redactBoard([], tools)).toBeNull();
    expect(redactBoard({ cards: [] }, tools)).toBeNull();
  });
});

describe('links of a board', () => {
  it.each([
    ['https://example.org/events/big-launch?utm=1#x', 'https://example.org/events/big-launch', 'query'],
    ['https://docs.example.org/d/1AbC9xyz/edit', 'https://docs.example.org/d/*/edit', 'kept'],
    ['https://trello.com/c/short1/12-name', 'trello-card-c1', 'card'],
    ['https://trello.com/b/abc/board', null, 'board'],
    ['https://trello.com/1/cards/x/attachments/y/download/plan.pdf', null, 'upload'],
    ['https://files.example.org/a?X-Amz-Signature=canary', null, 'signed'],
    ['https://user:canary@example.org/', null, 'signed'],
    ['https://example.org/#access_token=canary', null, 'signed'],
    ['http://10.0.0.7/wiki', null, 'internal'],
    ['http://[::1]/', null, 'internal'],
    ['http://wiki/', null, 'internal'],
    ['https://grafana.corp/', null, 'internal'],
    ['javascript:alert(1)', null, 'invalid'],
    ['ftp://example.org/x', null, 'scheme'],
    ['not a link', null, 'invalid'],
  ])('D35 %s', (url, kept, rule) => {
    expect(cleanUrl(url, (link) => (link === 'short1' ? 'trello-card-c1' : null))).toEqual({ kept, rule });
  });
});

describe('import of a board', () => {
  const plan = planTrelloImport(redactBoard(toyBoard, tools)!, rules);
  const { report } = plan;

  it('D35 every item ends as created, skipped or lost, with why', () => {
    expect(report.source).toBe(plan.outcomes.length);
    expect(report.created + report.skipped + report.lost).toBe(report.source);
    expect(report.byReason).toMatchObject({
      'card created': 2,
      'card skipped template-card': 1,
      'card skipped closed-card': 1,
      'card skipped inactive-list': 1,
      'card skipped closed-list': 1,
      'card skipped missing-list': 1,
      'card lost duplicate-id': 1,
      'comment created': 1,
      'comment lost missing-card': 1,
      'member created': 2,
    });
  });

  it('D35 fills every field of the report', () => {
    expect(report).toMatchObject({
      cardsPlanned: 2,
      cardsCreated: 2,
      cardsSkipped: 5,
      tasksPlanned: 5,
      tasksSkipped: 1,
      artifactsCreated: 4,
      waitingTasks: 1,
      proofRequirements: 1,
      unsupportedProofInferences: 1,
      unresolvedProcessDocs: 1,
      unresolvedWorkflowTypes: 1,
      invalidDates: 1,
      unknownAssignees: 1,
      invalidUrls: 1,
      unsafeArtifactUrls: 3,
      duplicateSourceIds: 1,
      followUpNotifications: 1,
    });
  });

  it('D35 takes the due date, else the one in the name, else the last activity', () => {
    const dates = plan.records.filter(({ entity }) => entity === 'card').map(({ date }) => date);
    expect(dates).toEqual([
      { day: '2024-05-01', from: 'due', isInvalid: false },
      { day: '2024-04-02', from: 'activity', isInvalid: true },
    ]);
  });

  it('D35 a second run creates nothing, and ids are the same', () => {
    const existing = new Set(plan.records.map(({ ownId }) => ownId));
    const again = planTrelloImport(redactBoard(toyBoard, tools)!, { ...rules, existing });
    expect(again.records).toEqual([]);
    expect(again.report).toMatchObject({ created: 0, cardsPlanned: 2, cardsCreated: 0 });
  });

  it.skipIf(!existsSync(sample))(
    'D35 accounts for every item of a real export (skipped where the samples are not beside the project)',
    () => {
      const board = JSON.parse(readFileSync(sample, 'utf8')) as { lists: { name: string }[] };
      const redacted = redactBoard(board, tools)!;
      const real = planTrelloImport(redacted, { ...rules, activeLists: board.lists.map(({ name }) => name) });
      expect(writeRedactedBoard(redacted)).not.toMatch(/test_user|Test User|boards\.trello\.com/);
      expect(real.report).toMatchObject({ cardsCreated: 3, lost: 0 });
      expect(redacted.entities['action']!.in).toBe(33);
    },
  );
});

describe('import of a list of tasks', () => {
  it('D36 skips with exact reasons, finds what recurs and marks secrets', () => {
    const line = (description: string, date = '', status = '', proof = '') => ({
      line: 1,
      description,
      date,
      status,
      proof,
    });
    const plan = planCsvImport(
      [
        line('', ' '),
        line('Announce', '2024-02-30'),
        line('Announce', '2024-02-28'),
        line('Old one', '2023-01-01', 'done', 'link'),
        line('Old one', '2023-01-01', 'Done'),
        line('', '2024-01-01'),
        line('Send the newsletter every Monday'),
        line('Log in with hunter2-canary', 'weekly'),
        line('Either', '03/04/2024'),
      ],
      tools.findSecrets,
    );
    expect(plan).toMatchObject({
      created: 3,
      recurring: 2,
      skipped: { blank: 1, 'invalid-date': 2, 'completed-history': 1, 'missing-proof': 1, 'missing-description': 1 },
      secrets: { password: 1 },
    });
    expect(JSON.stringify(plan)).not.toContain('canary');
  });
});
