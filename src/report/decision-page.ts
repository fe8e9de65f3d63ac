import { createHash } from 'node:crypto';

import type { Decision, EvidenceLink } from '../core/gate/decision.ts';
import { decisionPageStyle } from './decision-page-style.ts';
import { escapeHtml } from './escape-html.ts';
import { outlineDecision } from './outline-decision.ts';
import type { OutlineRow } from './outline-decision.ts';
import { shortenDigests } from './shorten-digests.ts';

const words: Record<Decision['outcome'], string> = {
  go: 'GO',
  'go-with-conditions': 'GO with conditions',
  'no-go': 'NO-GO',
};

/** A decision as one HTML page that asks nothing of any server: no scripts, no requests, every text escaped. */
export function renderDecisionPage(decision: Decision, title: string): string {
  const styleHash = createHash('sha256').update(decisionPageStyle).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${words[decision.outcome]}: ${title}`)}</title>
<style>${decisionPageStyle}</style>
</head>
<body><main>
<h1><span class="${decision.outcome}">${words[decision.outcome]}</span> ${escapeHtml(title)}</h1>
<p class="dim">Gate ${escapeHtml(decision.gate)}, before ${escapeHtml(decision.phase)}, decided ${escapeHtml(decision.decidedAt)}</p>
${renderWay(decision)}${renderConditions(decision)}${renderWaivers(decision)}
<h2>What it rests on</h2>
<ul class="tree">${outlineDecision(decision).map(renderRow).join('')}</ul>
<h2>What it is bound to</h2>
<dl>
<dt>Candidate</dt><dd class="hash">${escapeHtml(decision.candidateSha256)}</dd>
<dt>Environment</dt><dd>${escapeHtml(decision.environment)}</dd>
<dt>Plan</dt><dd class="hash">${escapeHtml(decision.planHash)}</dd>
<dt>Evidence root</dt><dd class="hash">${escapeHtml(decision.evidenceRoot)}</dd>
<dt>Votes sign</dt><dd class="hash">${escapeHtml(decision.subjectSha256)}</dd>
</dl>
<p class="dim">This page is a view. What counts is decision.json beside it, which the verifier recomputes from the evidence.</p>
</main></body>
</html>
`;
}

function renderWay({ outcome, shortestWay }: Decision): string {
  if (outcome !== 'no-go') return '';
  if (shortestWay === null)
    return '<h2>No set of actions leads to GO</h2><p>The gate itself has to change: see below.</p>\n';
  const items = shortestWay.map(
    ({ owner, text }) =>
      `<li><strong>${escapeHtml(owner ?? 'nobody owns this')}</strong> ${escapeHtml(shortenDigests(text))}</li>`,
  );
  return `<h2>Shortest way to GO: ${items.length} ${items.length === 1 ? 'action' : 'actions'}</h2>\n<ol class="way">${items.join('')}</ol>\n`;
}

function renderConditions({ conditions }: Decision): string {
  if (conditions.length === 0) return '';
  const items = conditions.map(
    ({ title, by, owner }) =>
      `<li>${escapeHtml(title)}, before ${escapeHtml(by)}${owner ? ` (${escapeHtml(owner)})` : ''}</li>`,
  );
  return `<h2>Conditions, each blocks its own phase</h2>\n<ul>${items.join('')}</ul>\n`;
}

function renderWaivers({ waivers }: Decision): string {
  if (waivers.length === 0) return '';
  const items = waivers.map(
    (waiver) =>
      `<li>${escapeHtml(`${waiver.criterion}: ${waiver.reason} (${waiver.person}, until ${waiver.expiresAt})`)}</li>`,
  );
  return `<h2>Waived</h2>\n<ul>${items.join('')}</ul>\n`;
}

function renderRow(row: OutlineRow): string {
  const paint = row.standing === 'met' || row.standing === 'failed' ? row.standing : 'other';
  const age = row.evidence ? `<span class="age dim">${escapeHtml(row.evidence.observedAt)}</span>` : '';
  const state = escapeHtml(row.standing.replace('-', ' '));
  const line = `<div class="row"><span class="state ${paint}">${state}</span><span>${escapeHtml(row.title)}</span>${age}</div>`;
  const why = row.reason === null ? '' : `<div class="why">${escapeHtml(row.reason)}</div>`;
  const children = row.children.length > 0 ? `<ul>${row.children.map(renderRow).join('')}</ul>` : '';
  if (row.evidence === null) return `<li>${line}${why}${children}</li>`;
  return `<li><details><summary>${line}${why}</summary>${renderEvidence(row.evidence)}</details>${children}</li>`;
}

function renderEvidence({ id, sources, superseded }: EvidenceLink): string {
  const rows = sources.map(
    ({ name, sha256, size }) =>
      `<dt>${escapeHtml(name)}</dt><dd class="hash">${escapeHtml(sha256)} (${size} bytes)</dd>`,
  );
  const older =
    superseded.length > 0 ? `<dt>Supersedes</dt><dd class="hash">${superseded.map(escapeHtml).join('<br>')}</dd>` : '';
  return `<dl class="evidence"><dt>Evidence</dt><dd class="hash">${escapeHtml(id)}</dd>${rows.join('')}${older}</dl>`;
}
