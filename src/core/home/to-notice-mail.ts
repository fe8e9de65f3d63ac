import type { HomePlace } from './home-item.ts';
import type { Notice, NoticeKind } from './to-notices.ts';

/** A notice in words for somebody who does not look at the screen. */
export interface NoticeMail {
  subject: string;
  body: string;
}

const words: { readonly [kind in NoticeKind]: string } = {
  'task-due': 'due',
  'task-overdue': 'overdue',
  'follow-up-due': 'follow up',
  'missing-evidence': 'missing evidence',
  'recurring-due': 'recurring',
  'stage-change': 'stage',
  'automation-failure': 'failure',
};

/** The mail of a notice: what it is about, why, and where it is dealt with. `baseUrl` null where nobody said under which address the cockpit is reached. */
export function toNoticeMail(notice: Notice, baseUrl: string | null): NoticeMail {
  const { kind, launch, title, why, place } = notice;
  const where = launch ?? 'installation';
  const link = baseUrl === null ? 'Open the cockpit to deal with it.' : `${baseUrl}${toPath(place)}`;
  const subject = `[${where}] ${words[kind]}: ${title}`.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
  const reason = `You get this because you chose mail for "${words[kind]}" in Settings, Notices.`;
  return { subject, body: `${title}\n${why}\n\n${link}\n\n${reason}\n` };
}

/** Where a place is in the cockpit, as a path. */
function toPath(place: HomePlace): string {
  if (!('launch' in place)) return '/queue';
  const launch = `/launches/${encodeURIComponent(place.launch)}`;
  if ('run' in place) return `${launch}/runs/${encodeURIComponent(place.run)}${toQuery('step', place.step)}`;
  if ('gate' in place)
    return `${launch}/gates/${encodeURIComponent(place.gate)}${toQuery('criterion', place.criterion)}`;
  if ('at' in place) return `${launch}/documents/${encodeURI(place.at.file)}#L${place.at.line}`;
  return `${launch}/runs`;
}

function toQuery(name: string, value: string | null): string {
  return value === null ? '' : `?${name}=${encodeURIComponent(value)}`;
}
