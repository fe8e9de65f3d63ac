/* Made from docs/reference/openapi.json by tools/write-client.ts. Do not edit: change the routes and write both again. */
import { request, requestVersioned, toSearch } from './request.ts';
import type { ApiCall, Versioned } from './request.ts';

/** What any call may be given besides its own input. */
export type CallOptions = Pick<ApiCall, 'ifMatch' | 'idempotencyKey' | 'signal'>;

export type HomePlace = ({
kind: "run"
launch: string
run: string
step: (string | null)
} | {
kind: "gate"
launch: string
gate: string
environment: string
criterion: (string | null)
} | {
kind: "document"
launch: string
at: Place
} | {
kind: "runs"
launch: string
} | {
kind: "queue"
})
export type HomeLane = ("at-risk" | "overdue" | "follow-up" | "today" | "missing-proof" | "approval" | "waiting")
export type DocumentState = ("draft" | "submitted" | "in_review" | "changes_requested" | "review_approved" | "approved" | "locked" | "rejected")
export type DocumentMove = ("submit" | "begin-review" | "pass-review" | "approve" | "lock" | "request-changes" | "reject" | "withdraw" | "unlock")
export type ListQueuesAnswer = ({
state: "known"
queues: Queue[]
} | {
state: "unknown"
reason: string
})
export type ReportFromBrowserBody = unknown

export interface SignedStatementInput {
format: "tminus/signed/1"
statement: {
[k: string]: unknown
}
signature: {
person: string
key: string
value: string
}
}
export interface PreparedStatement {
/**
 * the statement in its RFC 8785 form: what a key file signs
 */
canonical: string
sha256: string
/**
 * the same digest as base64url: what a passkey answers
 */
challenge: string
person: string
/**
 * the public key that the launch declares for the person; null where it declares none
 */
key: (string | null)
}
export interface AcceptanceAct {
action: ("sign-in" | "see-work" | "open-work" | "finish-work" | "see-waiting" | "use-document")
/**
 * null while no row shows it
 */
done: ({
/**
 * the row that shows it: SOURCE/KEY, as in the audit; sight/KEY is what the server showed
 */
ref: string
at: string
/**
 * KIND:ID of what it was about
 */
subject: (string | null)
how: (("completed" | "blocked") | null)
proof: (string | null)
} | null)
}
export interface AcceptancePass {
id: string
launch: string
environment: string
person: string
startedAt: string
endedAt: (string | null)
/**
 * all six, in the order in which they are asked for
 */
acts: AcceptanceAct[]
isComplete: boolean
/**
 * digest of what is signed; null while an action is missing
 */
sha256: (string | null)
/**
 * id of the entry of the log that says it was signed
 */
entry: (string | null)
}
export interface Account {
id: string
name: string
email: string
/**
 * whom of the launch documents it stands for
 */
person: (string | null)
createdAt: string
disabledAt: (string | null)
factors: {
totp: boolean
passkeys: number
}
/**
 * what a change names as expectedVersion
 */
version: string
}
export interface Ticket {
/**
 * shown now and kept nowhere
 */
code: string
expiresAt: string
/**
 * where it is redeemed; the code stands behind the #, which no server sees
 */
link: string
}
export interface Session {
id: string
account: string
/**
 * of the account
 */
name: string
startedAt: string
seenAt: string
endsAt: string
ip: (string | null)
userAgent: (string | null)
strongAt: (string | null)
isCurrent: boolean
}
export interface Token {
id: string
account: string
name: string
scopes: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
createdAt: string
expiresAt: string
revokedAt: (string | null)
usedAt: (string | null)
}
export interface Passkey {
id: string
name: (string | null)
createdAt: string
/**
 * webauthn-es256:RPID:BASE64; null for a key that documents cannot declare
 */
key: (string | null)
/**
 * launches whose document declares this key for the person
 */
declaredIn: string[]
}
export interface KeyDeclaration {
launch: string
title: string
/**
 * path of the document that declares the person
 */
document: string
person: string
name: string
key: (string | null)
}
export interface AccountEvent {
id: string
at: string
what: string
account: (string | null)
by: (string | null)
ip: (string | null)
detail: string
}
export interface OwnRights {
launch: string
environment: string
roles: ("viewer" | "operator" | "approver" | "lead" | "admin")[]
permissions: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
}
export interface ApprovalRequest {
id: string
run: string
launch: string
environment: string
level: number
action: {
id: string
kind: string
reversible: boolean
destructive: boolean
}
runbook: (string | null)
reason: string
requester: string
authors: string[]
executors: string[]
requestedAt: string
expiresAt: string
planHash: string
candidateSha256: string
dryRunSha256: string
/**
 * digest of the request: what a vote has to name as seen
 */
version: string
wanted: {
approvers: number
roles: string[]
/**
 * only a signature counts, never a plain session or a token
 */
secondFactor: boolean
}
approved: boolean
/**
 * true while votes are still wanted and can still be given
 */
open: boolean
/**
 * what is wanted still, or why it can never be had
 */
reasons: string[]
votes: {
id: string
vote: ("go" | "no-go")
person: string
role: string
reason: string
authMethod: string
signedAt: string
expiresAt: string
counts: boolean
/**
 * why it does not count; empty where it does
 */
faults: string[]
}[]
/**
 * who could still say go so that it counts
 */
canVote: {
person: string
name: string
roles: string[]
}[]
}
export interface DataWork {
id: string
dataset: string
does: ("reconcile" | "plan-import" | "apply-import" | "roll-back-import" | "plan-fix" | "apply-fix" | "undo-fix" | "export" | "drill")
startedBy: string
startedAtMs: number
/**
 * null while it is under way
 */
endedAtMs: (number | null)
phase: string
done: number
total: (number | null)
trouble: (string | null)
}
export interface ImportBatch {
id: string
mode: ("full" | "delta")
state: ("planned" | "approved" | "applying" | "applied" | "verified" | "rolled-back" | "failed")
requester: string
createdAt: string
reportSha256: string
/**
 * of the dry run
 */
planned: {
/**
 * as the source counts itself
 */
source: number
inserted: number
updated: number
recovered: number
unchanged: number
skipped: {
[k: string]: number
}
invalid: {
[k: string]: number
}
conflict: {
[k: string]: number
}
}
/**
 * of what was imported, else of the dry run
 */
account: {
outcome: ("pass" | "fail" | "unknown")
accounted: (number | null)
missing: (number | null)
reason: string
}
/**
 * of what was imported; null before it was
 */
counts: ({
/**
 * as the source counts itself
 */
source: number
inserted: number
updated: number
recovered: number
unchanged: number
skipped: {
[k: string]: number
}
invalid: {
[k: string]: number
}
conflict: {
[k: string]: number
}
} | null)
/**
 * records that an earlier import left in the target and the source no longer has; null: nobody looked
 */
deletions: (number | null)
/**
 * what became of those, as it was imported, else by the dry run; null where the dataset declares that they stay
 */
gone: ({
deleted: number
/**
 * stay, since people have edited them
 */
edited: number
/**
 * are not in the target any more
 */
absent: number
} | null)
/**
 * why it may not be approved
 */
faults: string[]
questions: {
column: string
message: string
}[]
notes: {
column: string
message: string
}[]
verification: (string | null)
undone: ({
deleted: number
restored: number
/**
 * left since people have edited them
 */
edited: number
} | null)
moves: {
to: string
person: (string | null)
detail: string
at: string
}[]
}
export interface ImportDeletions {
planned: number
/**
 * of the first ones
 */
keys: string[]
/**
 * rows of other tables that would go with them: while there are any, nothing is deleted
 */
takesAlong: {
table: string
column: string
rows: number
}[]
}
export interface Dataset {
id: string
title: string
source: {
on: string
table: string
}
target: ({
on: string
table: string
} | null)
key: string[]
/**
 * repairs that the document declares
 */
fixes: {
id: string
repairs: string
does: string
safe: boolean
}[]
batches: ImportBatch[]
reconcile: ({
verdict: ("equal" | "equal within tolerance" | "differs" | "inconclusive")
reason: string
at: string
startedBy: string
reportSha256: string
/**
 * whether it is of the documents as they stand now
 */
current: boolean
missing: number
extra: number
changed: number
compared: number
} | null)
/**
 * written by this server, the newest first
 */
archives: {
name: string
writtenAt: string
bytes: number
/**
 * kept when it was written; without it no drill of the archive passes
 */
sha256: (string | null)
}[]
drills: {
id: string
beganAt: string
archive: string
passed: boolean
findings: string[]
rows: number
rtoMs: (number | null)
/**
 * datasets whose second export, out of the restored rows, has the hash that the archive names
 */
hashes: {
equal: number
of: number
}
}[]
unreadableDrills: number
criteria: {
criterion: string
title: string
gate: string
kind: string
state: ("due" | "fresh" | "waiting" | "blocked" | "undeclared")
reason: string
outcome: (("pass" | "fail" | "unknown") | null)
isMet: boolean
}[]
work: (DataWork | null)
}
export interface AuditLine {
id: string
kind: ("run" | "access" | "log" | "identity" | "grant" | "hold" | "secret" | "approval" | "queue" | "rehearsal")
/**
 * when the store was told
 */
at: string
launch: (string | null)
environment: (string | null)
run: (string | null)
/**
 * null where nobody did it, such as time
 */
person: (string | null)
what: string
outcome: (string | null)
/**
 * what it is about first
 */
subjects: {
kind: string
id: string
}[]
reason: string
/**
 * id of the entry in the log of the launch
 */
entry: (string | null)
}
export interface BrowserReport {
id: string
at: string
kind: string
page: string
seen: number
detail: {
[k: string]: unknown
}
}
export interface CheckRound {
id: string
startedBy: string
startedAtMs: number
/**
 * null while it is under way
 */
endedAtMs: (number | null)
total: (number | null)
done: {
criterion: string
outcome: ("pass" | "fail" | "unknown")
evidence: string
}[]
trouble: (string | null)
}
export interface PlannedCheck {
criterion: string
title: string
gate: string
state: ("due" | "fresh" | "waiting" | "blocked" | "undeclared")
reason: string
kind: (string | null)
/**
 * id of the newest evidence
 */
newest: (string | null)
}
export interface StepRun {
state: ("pending" | "ready" | "running" | "verifying" | "waiting_human" | "waiting" | "done" | "skipped" | "failed" | "timed_out" | "cancelled" | "unknown")
attempt: number
tries: number
round: number
dueAtMs: (number | null)
notBeforeMs: (number | null)
readyAtMs: (number | null)
startedAtMs: (number | null)
endedAtMs: (number | null)
badEnd: (string | null)
stopping: (string | null)
lateAccepted: boolean
wait: ({
for: ("confirmation" | "late-start" | "time")
role: (string | null)
people: string[]
sinceMs: number
untilMs: (number | null)
onLimit: string
} | null)
proof: (string | null)
detail: (string | null)
notes: {
by: string
reason: string
atMs: number
}[]
}
export interface Step {
id: string
title: string
part: ("forward" | "undo")
/**
 * null on the way back, and where the documents name none
 */
phase: (string | null)
/**
 * kind of the machine step; null for people and for waiting
 */
kind: (string | null)
human: boolean
role: (string | null)
/**
 * who may do it
 */
people: string[]
needs: string[]
/**
 * from T-0; null where it does not hang on the count
 */
offsetMs: (number | null)
/**
 * instant that it is planned for; null where it has none of its own
 */
atMs: (number | null)
/**
 * what is waited for, where it only waits
 */
pause: (({
kind: "for"
ms: number
} | {
kind: "until"
atMs: number
} | {
kind: "until-offset"
offsetMs: number
}) | null)
proof: (("url" | "file" | "artifact" | "comment" | "external-status") | null)
actionClass: string
writes: boolean
reversible: boolean
undo: (string | null)
undoAfterReturn: (string | null)
assets: string[]
limitMs: (number | null)
onFail: ("fail" | "hold" | "escalate")
onTimeout: ("fail" | "hold" | "escalate")
interrupted: ("rerun" | "verify" | "ask")
maxAttempts: number
askWhenLateMs: (number | null)
onRecycle: ("repeat" | "keep")
/**
 * median of the measured lengths; null where it was never measured
 */
typicalMs: (number | null)
/**
 * null for a step of the way back that nobody has asked for
 */
run: (StepRun | null)
/**
 * when it comes due as things stand; null where that hangs on its needs
 */
dueMs: (number | null)
/**
 * how far its worker says it is, or why none could begin it
 */
note: ({
attempt: number
done: number
total: (number | null)
text: string
atMs: number
} | null)
}
export interface Hold {
id: string
scope: ("global" | "launch" | "run" | "environment" | "step" | "asset" | "end")
subject: (string | null)
mode: ("boundary" | "now")
count: ("runs" | "stops")
cause: string
watch: (string | null)
by: (string | null)
reason: string
sinceMs: number
}
export interface Blocker {
step: (string | null)
kind: string
why: string
untilMs: (number | null)
onLimit: (string | null)
unblockedBy: string[]
people: string[]
}
export interface Progress {
total: number
completed: number
skipped: number
failed: number
running: number
waiting: number
pending: number
percent: number
etaMs: (number | null)
unmeasured: string[]
}
export interface Run {
id: string
launch: string
mode: ("live" | "rehearsal" | "dry-run")
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
/**
 * what a change of this run has to name as expectedVersion
 */
version: string
procedure: string
title: string
environment: string
production: boolean
planHash: string
/**
 * 0 wants no approval
 */
approvalLevel: number
/**
 * who may hold, release, skip, retry, settle, move T-0, cancel and undo
 */
deciders: {
role: string
people: string[]
}[]
phases: {
id: string
title: string
offsetMs: (number | null)
}[]
builtInHolds: {
id: string
title: string
/**
 * offset on the count
 */
atMs: number
forMs: number
release: ("clock" | "person")
}[]
recyclePoints: {
id: string
title: string
atMs: number
}[]
stopConditions: {
id: string
text: string
/**
 * false where only people see it
 */
isDetected: boolean
everyMs: (number | null)
}[]
pointsOfNoReturn: {
id: string
text: string
/**
 * false where only people see it
 */
isDetected: boolean
everyMs: (number | null)
}[]
queueLimitMs: (number | null)
limitMs: (number | null)
candidateSha256: string
/**
 * account that its steps run for
 */
executor: string
labels: string[]
requestedBy: string
createdAtMs: number
enqueuedAtMs: (number | null)
startedAtMs: (number | null)
endedAtMs: (number | null)
/**
 * by the clock of the run, which in a rehearsal is ahead
 */
nowMs: number
approval: ({
id: string
level: number
approver: string
expiresAtMs: number
} | null)
ending: (string | null)
endingReason: (string | null)
undoing: boolean
/**
 * null where nothing hangs on T-0
 */
count: ({
countMs: number
isCounting: boolean
/**
 * expected, every hold that lies ahead included
 */
t0Ms: (number | null)
stops: {
id: string
untilMs: (number | null)
release: ("clock" | "person")
}[]
} | null)
holds: Hold[]
steps: Step[]
blockers: Blocker[]
late: {
step: string
lateMs: number
}[]
progress: Progress
returnPoint: {
state: ("ahead" | "crossed" | "unknown")
by: (string | null)
atMs: (number | null)
}
messages: {
id: number
what: string
people: string[]
text: string
atMs: number
}[]
/**
 * where secrets were seen in what it wrote; a run with one is tainted
 */
sightings: {
place: string
secret: string
}[]
/**
 * permissions that the caller has here, now
 */
rights: string[]
}
export interface DifferenceGroup {
/**
 * missing, extra, or the class of a difference between two values
 */
cause: string
/**
 * null for rows that are on one side only
 */
column: (string | null)
count: number
samples: {
key: (string | null)[]
source: (string | null)
target: (string | null)
}[]
}
export interface Reconcile {
dataset: string
verdict: ("equal" | "equal within tolerance" | "differs" | "inconclusive")
reason: string
at: string
startedBy: string
reportSha256: string
source: {
on: string
table: string
}
target: {
on: string
table: string
}
strategy: string
tookMs: number
plan: {
did: string
saw: string
}[]
counts: {
source: number
target: number
compared: number
skipped: {
[k: string]: number
}
}
missing: number
extra: number
changed: number
groups: DifferenceGroup[]
systematic: {
column: string
differing: number
sampled: number
guess: (string | null)
}[]
tolerated: {
[k: string]: number
}
omitted: {
column: string
reason: string
}[]
notes: {
column: string
message: string
blocks: boolean
}[]
/**
 * groups of buckets that changed since the comparison before; null where there is none to compare with
 */
changedBuckets: ({
source: number
target: number
} | null)
}
export interface Demo {
launch: string
people: {
person: string
name: string
roles: string[]
}[]
deeds: {
title: string
command: string
output: string
exit: number
}[]
isFixed: boolean
mendedAt: (string | null)
}
export interface LinkTarget {
kind: ("external" | "document" | "file" | "anchor")
/**
 * an http, https or mailto address, or a path of the launch repository
 */
value: string
fragment: string
}
export interface ReadingNode {
type: ("root" | "front" | "heading" | "paragraph" | "quote" | "list" | "item" | "code" | "table" | "row" | "cell" | "rule" | "footnote" | "text" | "attributes" | "markup" | "emphasis" | "strong" | "delete" | "inlineCode" | "break" | "link" | "image")
line: number
text?: string
level?: number
anchor?: string
ordered?: boolean
checked?: boolean
label?: string
to?: LinkTarget
align?: (("left" | "right" | "center") | null)[]
children?: ReadingNode[]
}
export interface Finding {
code: string
severity: ("blocking" | "warning" | "info")
message: string
file: string
line: number
column: number
expected: string
got: string
hint: string
related: {
file: string
line: number
column: number
note: string
}[]
}
export interface DocumentLine {
path: string
/**
 * its first heading
 */
title: (string | null)
/**
 * null where no launch can be read
 */
kind: (("launch" | "runbook" | "procedure" | "doc" | "plan") | null)
lines: number
blocking: number
warning: number
info: number
}
export interface StandingMark {
line: number
kind: ("criterion" | "step")
/**
 * outcome of a criterion, state of a step
 */
state: string
note: string
run: (string | null)
}
export interface Event {
cursor: number
run: (string | null)
launch: (string | null)
number: (number | null)
type: string
at: string
body: {
[k: string]: unknown
}
}
export interface LogEntryLine {
id: string
/**
 * place in the log, from 0
 */
index: number
kind: ("evidence" | "waiver" | "approval" | "action-vote" | "step-confirmation" | "decision")
/**
 * criterion, gate, request or step
 */
about: string
/**
 * outcome, vote, or what was done
 */
word: string
/**
 * person or tool
 */
by: (string | null)
at: string
mode: (("real" | "simulated") | null)
environment: string
check: (string | null)
supersededBy: (string | null)
}
export interface InclusionProof {
index: number
/**
 * RFC 6962 audit path, from the bottom up, hex
 */
path: string[]
/**
 * C2SP signed note
 */
checkpoint: string
/**
 * name+keyId+base64; compare it with the one that you were given by another way
 */
logKey: string
}
export interface Checkpoint {
/**
 * entries under it
 */
size: number
root: string
/**
 * the signed note (C2SP): what is kept elsewhere
 */
note: string
at: string
}
export interface FixLine {
id: string
state: ("planned" | "approved" | "applying" | "applied" | "undoing" | "undone" | "failed")
requester: string
createdAt: string
policy: string
planSha256: string
on: string
table: string
changes: number
/**
 * rows that no declared fix may touch
 */
review: number
counts: {
fix: string
repairs: string
operation: ("insert" | "update" | "delete")
rows: number
}[]
/**
 * why it may not be approved
 */
faults: string[]
notes: string[]
/**
 * what it came to; null before it was applied
 */
outcome: (string | null)
}
export interface Fix {
id: string
state: ("planned" | "approved" | "applying" | "applied" | "undoing" | "undone" | "failed")
requester: string
createdAt: string
policy: string
planSha256: string
on: string
table: string
changes: number
/**
 * rows that no declared fix may touch
 */
review: number
counts: {
fix: string
repairs: string
operation: ("insert" | "update" | "delete")
rows: number
}[]
/**
 * why it may not be approved
 */
faults: string[]
notes: string[]
/**
 * what it came to; null before it was applied
 */
outcome: (string | null)
key: string[]
rows: {
operation: ("insert" | "update" | "delete")
key: (string | null)[]
reason: string
fixes: string[]
values: {
column: string
before: (string | null)
after: (string | null)
shown: ("value" | "redacted" | "generated")
}[]
}[]
reviewRows: {
key: ((string | null)[] | null)
repairs: string
reason: string
}[]
moves: {
to: string
person: (string | null)
detail: string
at: string
}[]
}
export interface Place {
file: string
line: number
column: number
}
export interface Launch {
id: string
title: string
owner: (string | null)
/**
 * RFC 3339, as written
 */
t0: (string | null)
/**
 * the one that is looked at
 */
environment: string
environments: {
id: string
url: (string | null)
production: boolean
simulated: boolean
}[]
planHash: string
candidate: {
commit: string
version: (string | null)
url: (string | null)
sha256: string
}
people: {
id: string
name: string
automation: boolean
key: (string | null)
roles: string[]
}[]
roles: {
id: string
people: string[]
}[]
phases: {
id: string
title: string
offsetMs: (number | null)
at: Place
}[]
gates: {
id: string
title: string
at: Place
phase: string
quorum: number
roles: string[]
requester: (string | null)
}[]
procedures: {
id: string
title: string
at: Place
kind: ("runbook" | "rollback" | "procedure")
steps: number
humanSteps: number
}[]
scope: {
id: string
title: string
at: Place
class: (string | null)
state: ("open" | "closed" | "deferred")
owner: (string | null)
followUp: (string | null)
}[]
risks: {
id: string
title: string
at: Place
likelihood: (number | null)
impact: (number | null)
mitigation: (string | null)
mitigatedBy: (string | null)
owner: (string | null)
}[]
metrics: {
id: string
title: string
at: Place
target: (string | null)
alert: (string | null)
}[]
scenarios: {
id: string
title: string
at: Place
given: string
when: string
outcome: string
boundTo: string[]
}[]
pointsOfNoReturn: {
text: string
detected: boolean
at: Place
}[]
stops: {
text: string
detected: boolean
at: Place
}[]
dependencies: {
id: string
state: ("open" | "done")
}[]
documents: {
path: string
sha256: string
kind: string
}[]
}
export interface LaunchLine {
id: string
title: (string | null)
t0: (string | null)
environment: (string | null)
environments: string[]
gates: string[]
/**
 * why its documents cannot be read; null where they can
 */
trouble: (string | null)
}
export interface DecisionNode {
id: string
kind: string
title: string
outcome: ("pass" | "fail" | "unknown")
standing: ("met" | "failed" | "missing" | "stale" | "unreadable" | "simulated" | "cannot-fail" | "waived" | "open" | "condition" | "void")
need: (("all" | "any") | number)
expected: string
got: string
owner: (string | null)
at: (Place | null)
evidence: ({
id: string
observedAt: string
durationMs: number
sources: {
name: string
mediaType: string
sha256: string
size: number
}[]
superseded: string[]
} | null)
children: DecisionNode[]
}
export interface GateLine {
id: string
title: string
phase: string
offsetMs: (number | null)
outcome: ("go" | "go-with-conditions" | "no-go")
/**
 * criteria that are met
 */
met: number
criteria: number
actions: ({
id: string
verb: string
subject: string
text: string
owner: (string | null)
}[] | null)
decidedAt: string
}
export interface CastVote {
id: string
person: string
role: string
vote: ("go" | "no-go")
comment: string
signedAt: string
/**
 * why it does not count; null where it does
 */
voidBecause: (string | null)
}
export interface Roll {
quorum: number
go: number
noGo: number
seats: {
role: (string | null)
/**
 * who could give it now; empty where it is given
 */
people: string[]
vote: (CastVote | null)
}[]
/**
 * false where too few people may vote for every seat
 */
canBeFilled: boolean
voided: CastVote[]
}
export interface Poll {
id: string
/**
 * stale: what it was called about has changed since
 */
state: ("open" | "stale" | "ended" | "closed")
subjectSha256: string
openedBy: string
openedAtMs: number
closesAtMs: number
closedBy: (string | null)
closedAtMs: (number | null)
}
export interface GatePage {
launch: string
gate: string
phase: string
planHash: string
candidateSha256: string
environment: string
decidedAt: string
outcome: ("go" | "go-with-conditions" | "no-go")
evidenceRoot: string
/**
 * what a vote signs
 */
subjectSha256: string
tree: DecisionNode
conditions: {
criterion: string
title: string
by: string
owner: (string | null)
}[]
waivers: {
criterion: string
reason: string
person: string
expiresAt: string
}[]
/**
 * null where no set of actions leads to GO
 */
shortestWay: ({
id: string
verb: string
subject: string
text: string
owner: (string | null)
}[] | null)
title: string
/**
 * roles whose vote is wanted, each
 */
roles: string[]
requester: (string | null)
criteria: {
id: string
title: string
human: boolean
role: (string | null)
proof: (("url" | "file" | "artifact" | "comment" | "external-status") | null)
waivable: boolean
/**
 * whether a machine looks
 */
checked: boolean
}[]
roll: Roll
/**
 * the newest
 */
poll: (Poll | null)
/**
 * what the caller may do here now
 */
rights: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
logSize: number
}
export interface Grant {
id: string
holder: {
kind: ("person" | "group")
id: string
}
role: ("viewer" | "operator" | "approver" | "lead" | "admin")
environment: string
source: ({
kind: "document"
/**
 * that its holder has in the document
 */
roles: string[]
} | {
kind: "installation"
} | {
kind: "person"
person: string
})
/**
 * null for a right of the document
 */
givenAt: (string | null)
expiresAt: (string | null)
revokedAt: (string | null)
/**
 * the grant that is passed on
 */
delegates: (string | null)
breakGlass: ({
reason: string
confirmedBy: (string | null)
} | null)
/**
 * why it does not hold now; null where it does
 */
fault: (string | null)
}
export interface HomeItem {
key: string
lane: HomeLane
launch: (string | null)
title: string
why: string
next: ("confirm" | "attach-proof" | "let-begin" | "decide" | "start" | "attest" | "run-check" | "fix" | "vote" | "vote-again" | "approve" | "link-follow-up" | "review" | "change" | "ask-again" | "wait" | "look")
place: HomePlace
/**
 * who can do it; empty where nobody was named
 */
who: string[]
mine: boolean
sinceMs: (number | null)
untilMs: (number | null)
/**
 * what happens at the limit; null where nothing does by itself
 */
onLimit: (string | null)
}
export interface HomeSource {
kind: ("documents" | "gates" | "runs" | "approvals" | "alarms")
launch: (string | null)
/**
 * why nothing of it is known; null where it answered
 */
trouble: (string | null)
}
export interface LaneCount {
lane: HomeLane
count: number
mine: number
unavailable: HomeSource[]
}
export interface HomeNotice {
key: string
kind: ("task-due" | "task-overdue" | "follow-up-due" | "missing-evidence" | "recurring-due" | "stage-change" | "automation-failure")
launch: (string | null)
title: string
why: string
place: HomePlace
atMs: (number | null)
dismissed: boolean
}
export interface Home {
nowMs: number
items: HomeItem[]
lanes: LaneCount[]
notices: HomeNotice[]
sources: HomeSource[]
}
export interface NoticeStanding {
/**
 * of the account; null where none stands for the caller
 */
address: (string | null)
/**
 * all there are
 */
kinds: ("task-due" | "task-overdue" | "follow-up-due" | "missing-evidence" | "recurring-due" | "stage-change" | "automation-failure")[]
/**
 * those that the caller wants by mail
 */
mail: ("task-due" | "task-overdue" | "follow-up-due" | "missing-evidence" | "recurring-due" | "stage-change" | "automation-failure")[]
/**
 * what a change has to name as expectedVersion
 */
version: number
/**
 * who sends mail and when a worker last looked; null where none ever did
 */
channel: ({
sender: string
isAwake: boolean
ageMs: number
} | null)
recent: {
notice: string
subject: string
state: ("waiting" | "sent" | "quiet" | "failed")
detail: (string | null)
madeAtMs: number
}[]
}
export interface OutlookWayBack {
procedure: string
title: string
/**
 * why nothing is known about it
 */
trouble: (string | null)
forecast: ({
steps: string[]
p50Ms: (number | null)
/**
 * null where a step was never measured
 */
p90Ms: (number | null)
gaps: {
step: (string | null)
text: string
}[]
end: ({
kind: ("window" | "limit")
atMs: number
} | null)
decideByMs: (number | null)
spareMs: (number | null)
verdict: ("fits" | "too_late" | "will_be_too_late" | "unknown" | "no_end" | "no_way_back")
} | null)
}
export interface Outlook {
nowMs: number
/**
 * the live run that has not ended
 */
run: ({
id: string
procedure: string
title: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
t0Ms: (number | null)
countMs: (number | null)
isCounting: boolean
holds: {
reason: string
sinceMs: number
}[]
returnPoint: {
state: ("ahead" | "crossed" | "unknown")
by: (string | null)
atMs: (number | null)
}
} | null)
/**
 * what holds now, by when it gets stale
 */
freshness: {
gate: string
criterion: string
title: string
owner: (string | null)
isWord: boolean
observedAt: string
staleAtMs: number
}[]
wayBack: OutlookWayBack[]
rights: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
}
export interface Identity {
account: string
name: string
email: string
/**
 * whom of the launch documents the account stands for
 */
person: (string | null)
via: ("session" | "token")
scopes: (("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[] | null)
/**
 * when a second factor was last shown
 */
strongAt: (string | null)
/**
 * second factors that the account has
 */
factors: {
totp: boolean
passkeys: number
}
}
export interface Queue {
queue: string
waiting: number
delayed: number
oldestSeconds: (number | null)
active: number
dead: number
stuck: number
}
export interface DeadLetter {
id: string
queue: string
key: string
attempts: number
/**
 * what the last try said, masked
 */
reason: string
at: string
work: {
/**
 * run or probe of a step; watch, tell, send, begin or sweep of a run; else the queue
 */
does: string
run: (string | null)
step: (string | null)
title: (string | null)
/**
 * kind of what the step carries out
 */
kind: (string | null)
writes: (boolean | null)
/**
 * what the document says about an attempt that was interrupted
 */
interrupted: (string | null)
place: ({
launch: string
environment: string
} | null)
}
}
export interface Worker {
id: string
host: string
pid: number
version: string
launches: {
launch: string
planHash: string
}[]
/**
 * steps that it carries out at once, now
 */
slots: number
/**
 * silent: not heard for a quarter of a minute
 */
state: ("working" | "draining" | "silent")
startedAt: string
silentMs: number
/**
 * what a person wants of it; it follows within its next beat
 */
wish: ({
slots: (number | null)
drain: boolean
person: string
reason: string
at: string
} | null)
/**
 * what its process carries out now
 */
jobs: {
work: {
/**
 * run or probe of a step; watch, tell, send, begin or sweep of a run; else the queue
 */
does: string
run: (string | null)
step: (string | null)
title: (string | null)
/**
 * kind of what the step carries out
 */
kind: (string | null)
writes: (boolean | null)
/**
 * what the document says about an attempt that was interrupted
 */
interrupted: (string | null)
place: ({
launch: string
environment: string
} | null)
}
claimedAt: string
}[]
/**
 * what a wish names as expectedVersion
 */
wishVersion: string
}
export interface Recurring {
procedure: string
title: string
environment: string
/**
 * unwatched: no worker has looked after it yet, so nothing will begin
 */
state: ("before" | "unwatched" | "overdue" | "due" | "kept")
cron: string
timeZone: string
withinMs: number
requester: (string | null)
people: string[]
nextDueMs: (number | null)
lastProof: ({
run: string
endedMs: number
} | null)
due: ({
dueMs: number
run: string
untilMs: number
} | null)
/**
 * the oldest slot that should have begun or ended by now, and how many stand behind it
 */
overdue: ({
dueMs: number
kind: ("slot_not_begun" | "slot_not_ended")
sinceMs: number
more: number
} | null)
slots: {
dueMs: number
outcome: ("done" | "late" | "missed" | "open")
endedMs: (number | null)
run: (string | null)
}[]
}
export interface Forecast {
nowMs: number
samples: number
seed: number
/**
 * instants; null as soon as there is one gap
 */
finishMs: ({
p50: number
p90: number
} | null)
t0: ({
plannedMs: number
slipMs: {
p50: number
p90: number
}
} | null)
steps: {
step: string
endMs: {
p50: number
p90: number
}
/**
 * share of the samples in which any delay of it delays the finish
 */
critical: number
slackMs: number
}[]
/**
 * steps that are critical in half of the samples at least
 */
criticalPath: string[]
gaps: {
code: string
step: (string | null)
text: string
}[]
assumed: string[]
wayBack: {
steps: string[]
p50Ms: (number | null)
p90Ms: (number | null)
gaps: {
code: string
step: (string | null)
text: string
}[]
end: ({
kind: ("window" | "limit")
atMs: number
} | null)
/**
 * the latest instant at which the way back still fits at P90
 */
decideByMs: (number | null)
spareMs: (number | null)
verdict: ("fits" | "too_late" | "will_be_too_late" | "unknown" | "no_end" | "no_way_back")
}
}
export interface UndoReport {
seenAtMs: (number | null)
askedAtMs: number
beganAtMs: (number | null)
endedAtMs: (number | null)
state: string
variant: (("full" | "partial-write") | null)
detectionMs: (number | null)
rollbackMs: (number | null)
verifyMs: (number | null)
steps: {
step: string
undoes: string[]
writes: boolean
state: string
attempts: number
beganAtMs: (number | null)
endedAtMs: (number | null)
lengthMs: (number | null)
}[]
}
export interface RehearsalLine {
id: string
procedure: string
environment: string
depth: ("quick" | "full")
planHash: string
candidateSha256: string
passed: boolean
/**
 * whether it is of the plan as the documents have it now
 */
current: boolean
at: string
}
export interface Rehearsal {
id: string
launch: string
procedure: string
environment: string
planHash: string
candidateSha256: string
depth: ("quick" | "full")
uncommitted: (string[] | null)
beganAt: string
endedAt: string
passed: boolean
/**
 * why it says nothing, however it went
 */
partial: (string | null)
findings: string[]
planned: string[]
passes: {
id: string
title: string
run: string
takesBack: boolean
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
passed: boolean
findings: string[]
faults: {
[k: string]: string
}
missed: string[]
worked: string[]
stoodIn: {
step: (string | null)
why: string
}[]
lastedMs: number
tookMs: number
wayBack: (UndoReport | null)
}[]
controls: {
of: string
part: ("step" | "stop" | "return")
kind: string
outcome: ("pass" | "fail" | "unknown" | "not_judged")
/**
 * true where it lets a broken target through, and so cannot fail
 */
blind: boolean
reason: string
}[]
wayBack: (UndoReport | null)
}
export interface RehearsalRound {
id: string
environment: string
procedure: string
depth: ("quick" | "full")
startedBy: string
startedAtMs: number
/**
 * null while it is under way
 */
endedAtMs: (number | null)
/**
 * how many passes it will have
 */
planned: number
passes: {
id: string
title: string
run: (string | null)
/**
 * null until its run is made
 */
state: (("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back") | null)
endedAtMs: (number | null)
steps: number
done: number
}[]
/**
 * id of its report, once there is one
 */
rehearsal: (string | null)
passed: (boolean | null)
trouble: (string | null)
}
export interface LoggedMove {
number: number
/**
 * SHA-256 of the bytes
 */
version: string
move: DocumentMove
person: string
reason: (string | null)
atMs: number
}
export interface DocumentThread {
id: number
/**
 * SHA-256 of the bytes
 */
version: string
/**
 * where it stands in the text of now; null for the whole document, or where its line is gone
 */
line: (number | null)
writtenLine: (number | null)
/**
 * what the line said when the thread was begun
 */
quote: string
/**
 * true where the line that it was about is gone
 */
isOutdated: boolean
isResolved: boolean
comments: {
id: number
deed: ("comment" | "resolve" | "reopen")
person: string
text: string
atMs: number
}[]
}
export interface OpenMove {
move: DocumentMove
who: string[]
mine: boolean
/**
 * why it cannot be done yet; null where it can
 */
waitsFor: (string | null)
wantsReason: boolean
}
export interface DocumentReview {
path: string
/**
 * SHA-256 of the file: what a move has to name as expectedVersion
 */
version: string
/**
 * newest move of the document: what a move has to name as expectedNumber
 */
number: number
state: DocumentState
watermark: string
submittedBy: (string | null)
/**
 * isBroken: the bytes have changed under it
 */
lock: ({
by: string
atMs: number
/**
 * SHA-256 of the bytes
 */
version: string
isBroken: boolean
} | null)
next: OpenMove[]
/**
 * the newest first, over all versions
 */
moves: LoggedMove[]
/**
 * those that were submitted, the newest first
 */
versions: {
/**
 * SHA-256 of the bytes
 */
version: string
state: DocumentState
last: (LoggedMove | null)
isCurrent: boolean
}[]
threads: DocumentThread[]
openThreads: number
mayComment: boolean
}
export interface ExposedRequests {
requests: number
/**
 * false: at least so many; null: no router counts
 */
exact: (boolean | null)
}
export interface Rollout {
id: string
title: string
routers: {
id: string
kind: string
}[]
phases: {
id: string
/**
 * percent of traffic of the canary
 */
weight: number
minTimeMs: number
maxTimeMs: number
minRequests: number
warmupMs: number
bakeMs: number
conditions: string[]
note: (string | null)
}[]
measures: {
id: string
title: string
source: string
by: (string | null)
margin: number
exclude: number
gating: boolean
cap: (number | null)
/**
 * phases that it is judged in; null: all
 */
phases: (string[] | null)
}[]
intervalMs: number
onFail: ("rollback" | "hold")
retry: ("new-candidate" | "person")
wayBack: (string | null)
}
export interface ShiftLine {
id: string
rollout: string
stands: ("waiting" | "moving" | "watching" | "held" | "going-back" | "completed" | "rolled-back" | "aborted")
weight: number
phase: (string | null)
requester: string
reason: string
candidateSha256: string
createdAt: string
endedAt: (string | null)
exposed: ExposedRequests
version: number
}
export interface DifferingRoute {
/**
 * method and path, with :id for what names one thing of many
 */
route: string
compared: number
/**
 * in more than noise
 */
differed: number
noise: number
dropped: number
/**
 * copies without an answer
 */
failed: number
/**
 * too large to be held against each other
 */
uncompared: number
fields: {
/**
 * status, header NAME, or a path in the body; never a value
 */
field: string
raw: number
/**
 * how often the stable version differs from itself there
 */
noise: number
counts: boolean
}[]
}
export interface Shift {
id: string
rollout: string
stands: ("waiting" | "moving" | "watching" | "held" | "going-back" | "completed" | "rolled-back" | "aborted")
weight: number
phase: (string | null)
requester: string
reason: string
candidateSha256: string
createdAt: string
endedAt: (string | null)
exposed: ExposedRequests
version: number
declared: Rollout
planHash: string
headline: string
waits: {
text: string
unblock: string
who: string
}[]
measures: {
text: string
unblock: string
who: string
measure: string
gating: boolean
}[]
verdicts: {
measure: string
verdict: ("PASS" | "FAIL" | "INCONCLUSIVE" | "NO_DATA" | "ERROR")
reason: string
gating: boolean
stable: {
total: number
bad: number
}
canary: {
total: number
bad: number
}
compared: {
bad: number
canary: number
explained: number
}
/**
 * natural logarithm of the evidence that it is worse than its margin
 */
logAgainst: number
logFor: number
/**
 * evidence that a verdict takes; no logarithm
 */
limit: number
interval: {
low: (number | null)
high: (number | null)
}
}[]
/**
 * -1 before the first phase
 */
phaseIndex: number
phaseSince: (string | null)
phaseExposed: ExposedRequests
hold: ({
cause: string
reason: string
by: (string | null)
at: string
} | null)
bars: {
code: string
reason: string
until: (string | null)
}[]
notes: {
by: string
text: string
at: string
}[]
outcome: ({
cause: string
reason: string
by: (string | null)
} | null)
/**
 * what a shadow found; null where none has spoken
 */
differences: (DifferingRoute[] | null)
routers: {
router: string
weight: (number | null)
detail: string
}[]
reports: {
phase: string
weight: number
ended: ("passed" | "promoted" | "left")
by: (string | null)
reason: string
from: string
to: string
exposed: ExposedRequests
verdicts: {
measure: string
verdict: ("PASS" | "FAIL" | "INCONCLUSIVE" | "NO_DATA" | "ERROR")
reason: string
gating: boolean
stable: {
total: number
bad: number
}
canary: {
total: number
bad: number
}
compared: {
bad: number
canary: number
explained: number
}
/**
 * natural logarithm of the evidence that it is worse than its margin
 */
logAgainst: number
logFor: number
/**
 * evidence that a verdict takes; no logarithm
 */
limit: number
interval: {
low: (number | null)
high: (number | null)
}
/**
 * the verdict in words, with its numbers
 */
text: string
}[]
}[]
entries: number
/**
 * SHA-256 of the last entry of the journal
 */
head: string
/**
 * first entry of the journal that does not hold
 */
broken: (number | null)
}
export interface Rollouts {
environment: string
production: boolean
rights: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
items: {
declared: Rollout
shifts: ShiftLine[]
}[]
}
export interface ShiftEntry {
number: number
kind: string
at: string
sha256: string
/**
 * what it says, in words
 */
text: string
body: {
[k: string]: unknown
}
}
export interface ShiftPoint {
at: string
asked: number
read: {
[k: string]: number | null
}
phase: (string | null)
requests: number
measures: {
measure: string
verdict: ("PASS" | "FAIL" | "INCONCLUSIVE" | "NO_DATA" | "ERROR")
logAgainst: number
logFor: number
limit: number
canary: {
total: number
bad: number
}
stable: {
total: number
bad: number
}
}[]
}
export interface WayBackAnswer {
verdict: ("yes" | "person" | "nothing")
reasons: string[]
traffic: {
rollout: string
shift: (string | null)
stands: (("waiting" | "moving" | "watching" | "held" | "going-back" | "completed" | "rolled-back" | "aborted") | null)
/**
 * what the shift asked the routers for last
 */
asked: (number | null)
/**
 * largest weight that a router says; null where one does not say
 */
weight: (number | null)
heard: {
router: string
weight: (number | null)
/**
 * when it said so
 */
at: (string | null)
detail: string
}[]
/**
 * slowest write of a weight, with its reading back
 */
setMs: (number | null)
exposed: number
}[]
points: {
text: string
state: ("ahead" | "crossed" | "unknown" | "unasked")
detail: string
at: (string | null)
}[]
procedures: {
procedure: string
p50Ms: (number | null)
p90Ms: (number | null)
gaps: string[]
}[]
rollbacks: {
procedure: string
title: string
kind: ("immediate" | "graceful" | "recovery" | "switch")
/**
 * how long it may take from its trigger to verified
 */
withinMs: number
/**
 * role or person who has to watch its drills
 */
observer: (string | null)
p90Ms: (number | null)
gaps: string[]
drills: {
id: string
at: string
environment: string
passed: boolean
/**
 * whether it is of this candidate and plan
 */
current: boolean
tookMs: (number | null)
findings: string[]
/**
 * who watched it and has attested it
 */
observedBy: (string | null)
/**
 * who may attest it still; it counts only then
 */
waitsFor: string[]
}[]
running: ({
run: string
state: string
/**
 * when its clock started
 */
since: string
done: number
steps: number
next: (string | null)
} | null)
}[]
drill: ({
id: string
procedure: string
at: string
passed: boolean
/**
 * whether it is of this candidate and plan
 */
current: boolean
rollbackMs: (number | null)
verifyMs: (number | null)
} | null)
until: ({
kind: ("window" | "bake")
at: string
} | null)
lost: string[]
}
export interface BegunRollback {
run: string
/**
 * behind the point of no return it may be another than the one that was asked for
 */
procedure: string
pastReturn: boolean
/**
 * shifts that give the canary nothing any more
 */
shifts: string[]
waitsForApproval: boolean
}
export interface RunAfter {
run: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
}
export interface RunComparison {
run: {
run: string
procedure: string
mode: ("live" | "rehearsal" | "dry-run")
environment: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
planHash: string
t0Ms: (number | null)
startedAtMs: (number | null)
endedAtMs: (number | null)
}
with: ({
run: string
procedure: string
mode: ("live" | "rehearsal" | "dry-run")
environment: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
planHash: string
t0Ms: (number | null)
startedAtMs: (number | null)
endedAtMs: (number | null)
} | null)
/**
 * whether both were made from the same documents
 */
samePlan: (boolean | null)
steps: {
step: string
title: string
part: ("forward" | "undo")
planned: {
offsetMs: (number | null)
typicalMs: (number | null)
}
run: ({
state: string
attempts: number
/**
 * from T-0 to its beginning; null where it has not begun, or nothing hangs on T-0
 */
offsetMs: (number | null)
/**
 * from the start of the run to its beginning
 */
sinceStartMs: (number | null)
lengthMs: (number | null)
} | null)
with: ({
state: string
attempts: number
/**
 * from T-0 to its beginning; null where it has not begun, or nothing hangs on T-0
 */
offsetMs: (number | null)
/**
 * from the start of the run to its beginning
 */
sinceStartMs: (number | null)
lengthMs: (number | null)
} | null)
/**
 * by how much it took longer than in the other run
 */
differenceMs: (number | null)
}[]
}
export interface Effect {
does: ("read" | "write" | "delete" | "send" | "unknown")
target: string
text: string
}
export interface StepPage {
launch: string
run: string
/**
 * what a change of this run has to name as expectedVersion
 */
version: string
step: Step
/**
 * the item as its document has it; null where no document has one
 */
source: ({
at: Place
markdown: string
} | null)
/**
 * the fence that the machine reads
 */
action: ({
kind: string
text: string
at: Place
} | null)
/**
 * the fence that tells whether an interrupted attempt took effect
 */
probe: ({
kind: string
text: string
at: Place
} | null)
/**
 * what it does to the world, as the dry run told
 */
effects: Effect[]
confirmations: {
id: string
/**
 * place in the log of the launch
 */
index: number
person: string
role: string
attempt: number
round: number
proof: string
comment: string
signedAt: string
}[]
}
export interface LogPart {
step: string
attempt: number
part: number
stream: ("out" | "err" | "note")
atMs: number
/**
 * as it was written: it may end in the middle of a line
 */
text: string
}
export interface RunEvent {
cursor: number
/**
 * counts the events of one change; both together name one event
 */
part: number
type: string
step: (string | null)
atMs: number
text: string
data: {
[k: string]: unknown
}
}
export interface PastHold {
id: string
scope: ("global" | "launch" | "run" | "environment" | "step" | "asset" | "end")
subject: (string | null)
mode: ("boundary" | "now")
count: ("runs" | "stops")
cause: string
watch: (string | null)
by: (string | null)
reason: string
sinceMs: number
/**
 * null while it is on
 */
lifted: ({
by: (string | null)
reason: string
atMs: number
} | null)
}
export interface RunLine {
id: string
launch: string
procedure: string
mode: ("live" | "rehearsal" | "dry-run")
environment: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
requestedBy: string
createdAtMs: number
endedAtMs: (number | null)
}
export interface StandingHold {
id: string
scope: ("global" | "launch" | "environment")
launch: (string | null)
environment: (string | null)
mode: ("boundary" | "now")
count: ("runs" | "stops")
by: string
reason: string
}
export interface Metric {
id: ("api-availability" | "database-connections" | "workers" | "queue-depth" | "memory" | "cpu" | "success" | "error" | "sla" | "average-length" | "p95-length" | "p99-length" | "queue-time" | "dead-letters" | "retries" | "lease-expiry")
title: string
unit: string
/**
 * null where it could not be read
 */
value: (number | null)
/**
 * what it was read from, or why it could not be
 */
from: string
target: {
is: ("<" | ">" | ">=")
value: number
}
alert: {
is: ("<" | ">" | ">=")
value: number
}
verdict: string
}
export interface StatusSummary {
level: ("operational" | "degraded" | "partial" | "major" | "unknown")
at: string
parts: {
component: ("database" | "engine" | "queue" | "workers" | "metrics")
level: ("operational" | "degraded" | "partial" | "major" | "unknown")
}[]
}
export interface StatusDetails {
level: ("operational" | "degraded" | "partial" | "major" | "unknown")
at: string
parts: {
component: ("database" | "engine" | "queue" | "workers" | "metrics")
level: ("operational" | "degraded" | "partial" | "major" | "unknown")
why: string
}[]
metrics: Metric[]
alarms: {
subject: string
kind: string
since: string
detail: string
}[]
}
export interface Webhook {
id: string
url: string
/**
 * names the secret in its provider; never a value
 */
secret: {
[k: string]: unknown
}
/**
 * null for all
 */
launches: (string[] | null)
/**
 * types or families of events; null for all
 */
types: (string[] | null)
/**
 * every event up to this cursor is enqueued, or was not wanted
 */
position: number
/**
 * deliveries given up since the last that arrived
 */
givenUp: number
/**
 * why nothing is sent; null while it is on
 */
offReason: (string | null)
offAt: (string | null)
sentAt: (string | null)
createdBy: string
createdAt: string
version: string
}
export interface AbortShiftInput {
environment?: string
launch: string
shift: string
}
export interface AbortShiftBody {
/**
 * why
 */
reason: string
/**
 * version of the shift that the caller has read
 */
expectedVersion: number
}
export interface AddWebhookBody {
id: string
url: string
secret: {
[k: string]: string
}
launches?: (string[] | null)
types?: (string[] | null)
}
export interface AnswerThreadInput {
launch: string
thread: number
}
export interface AnswerThreadBody {
/**
 * relative to the launch repository
 */
path: string
deed: ("comment" | "resolve" | "reopen")
text: string
}
export interface ApplyFixInput {
environment?: string
launch: string
dataset: string
fix: string
}
export interface ApplyFixBody {
/**
 * state of the fix that the caller has read
 */
expectedVersion: string
}
export interface ApplyImportInput {
environment?: string
launch: string
dataset: string
batch: string
}
export interface ApplyImportBody {
/**
 * state of the import that the caller has read
 */
expectedVersion: string
}
export interface ApproveDocumentInput {
launch: string
}
export interface ApproveDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}
export interface ApproveFixInput {
environment?: string
launch: string
dataset: string
fix: string
}
export interface ApproveFixAnswer {
fix: string
}
export interface ApproveImportInput {
environment?: string
launch: string
dataset: string
batch: string
}
export interface ApproveImportAnswer {
batch: string
}
export interface ArchiveDeadLettersBody {
/**
 * @minItems 1
 * @maxItems 500
 */
letters: string[]
reason: string
}
export interface ArchiveDeadLettersAnswer {
archived: number
}
export interface AskApprovalInput {
run: string
}
export interface AskApprovalBody {
what: ("run" | "way-back")
reason: string
expectedVersion: string
}
export interface AskApprovalAnswer {
id: string
/**
 * level of approval
 */
level: number
expiresAt: string
}
export interface AttestInput {
environment?: string
launch: string
}
export interface AttestAnswer {
id: string
/**
 * place in the log of the launch
 */
index: number
}
export interface AttestDrillInput {
environment?: string
launch: string
drill: string
}
export interface AttestDrillAnswer {
drill: string
person: string
/**
 * of the signed word
 */
sha256: string
}
export interface BecomeDemoPersonInput {
person: string
}
export interface BecomeDemoPersonAnswer {
person: string
key: string
privateKeyPem: string
}
export interface BeginAcceptancePassInput {
environment?: string
launch: string
}
export interface BeginChecksInput {
environment?: string
launch: string
}
export interface BeginChecksBody {
only?: (string[] | null)
force?: boolean
}
export interface BeginReconcileInput {
environment?: string
launch: string
dataset: string
}
export interface BeginReconcileBody {
/**
 * goes on where a column of the sample differs systematically
 */
full?: boolean
}
export interface BeginRehearsalInput {
environment?: string
launch: string
}
export interface BeginRehearsalBody {
procedure: string
depth?: ("quick" | "full")
/**
 * version of the plan that the caller has read
 */
expectedVersion: string
}
export interface BeginReviewDocumentInput {
launch: string
}
export interface BeginReviewDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}
export interface BeginStepLateInput {
run: string
}
export interface BeginStepLateBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step: string
}
export interface BeginThreadInput {
launch: string
}
export interface BeginThreadBody {
/**
 * relative to the launch repository
 */
path: string
line: (number | null)
text: string
expectedVersion: string
}
export interface BeginThreadAnswer {
thread: number
}
export interface BreakGlassInput {
run: string
}
export interface BreakGlassBody {
expectedVersion: string
}
export interface BreakGlassAnswer {
run: string
grant: string
}
export interface CallPollInput {
environment?: string
launch: string
gate: string
}
export interface CallPollBody {
/**
 * subjectSha256 of the decision that the caller has read
 */
seen: string
seconds: number
}
export interface CancelRunInput {
run: string
}
export interface CancelRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
/**
 * takes back what was done, too
 */
takeBack?: boolean
}
export interface CancelRunsInput {
environment?: string
launch: string
}
export interface CancelRunsBody {
reason: string
role?: (string | null)
}
export interface CancelRunsAnswer {
items: {
run: string
state: string
refused: (string | null)
}[]
}
export interface CastRunVoteInput {
run: string
request: string
}
export interface CastRunVoteAnswer {
id: string
index: number
approved: boolean
/**
 * true where this vote ended the run
 */
ended: boolean
/**
 * what is wanted still
 */
reasons: string[]
}
export interface CastVoteInput {
environment?: string
launch: string
gate: string
}
export interface CastVoteAnswer {
id: string
/**
 * place in the log of the launch
 */
index: number
}
export interface ChooseNoticesBody {
/**
 * @maxItems 7
 */
mail: ("task-due" | "task-overdue" | "follow-up-due" | "missing-evidence" | "recurring-due" | "stage-change" | "automation-failure")[]
expectedVersion: number
}
export interface CompareRunsInput {
with?: string
run: string
}
export interface CompleteSetupBody {
code: string
name: string
email: string
password: string
person: (string | null)
}
export interface CompleteSetupAnswer {
account: string
email: string
admins: {
launch: string
named: boolean
why: string
}[]
}
export interface ConfirmStepInput {
run: string
step: string
}
export interface ConfirmStepAnswer {
id: string
index: number
run: string
state: ("pending_approval" | "approved" | "queued" | "running" | "held" | "waiting_human" | "outcome_unknown" | "stopping" | "undoing" | "rejected" | "completed" | "partial" | "failed" | "timed_out" | "cancelled" | "rolled_back")
}
export interface CopyDocumentInput {
/**
 * relative to the launch repository
 */
path: string
launch: string
}
export interface CreateTokenBody {
name: string
scopes: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
expiresAt: string
}
export interface CreateTokenAnswer {
text: string
token: Token
}
export interface DeclineStepInput {
run: string
}
export interface DeclineStepBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step: string
}
export interface DismissNoticesBody {
/**
 * @minItems 1
 * @maxItems 1000
 */
notices: string[]
}
export interface DismissNoticesAnswer {
dismissed: number
}
export interface DrillArchiveInput {
environment?: string
launch: string
dataset: string
}
export interface DrillArchiveBody {
/**
 * name of an archive, as the dataset lists it
 */
archive: string
}
export interface DropAccountFactorsInput {
account: string
}
export interface EndGrantsInput {
environment?: string
launch: string
}
export interface EndGrantsBody {
grant: (string | null)
holder: (string | null)
environment: (string | null)
reason: string
}
export interface EndGrantsAnswer {
items: Grant[]
}
export interface EndOtherSessionsAnswer {
ended: number
}
export interface EndOwnSessionInput {
session: string
}
export interface EndOwnSessionAnswer {
ended: number
}
export interface EndOwnTokenInput {
token: string
}
export interface EndOwnTokenAnswer {
ended: number
}
export interface EndPollInput {
environment?: string
launch: string
gate: string
}
export interface EndSessionInput {
session: string
}
export interface EndSessionAnswer {
ended: number
}
export interface EndTokenInput {
token: string
}
export interface EndTokenAnswer {
ended: number
}
export interface ExportDatasetInput {
environment?: string
launch: string
dataset: string
}
export interface ExportDatasetBody {

}
export interface ForecastRunInput {
samples?: number
run: string
}
export interface GiveGrantInput {
environment?: string
launch: string
}
export interface GiveGrantBody {
holder: {
kind: ("person" | "group")
id: string
}
role: ("viewer" | "operator" | "approver" | "lead" | "admin")
environment: string
expiresAt: (string | null)
/**
 * a right of the caller that is passed on
 */
delegates: (string | null)
/**
 * an emergency: one hour where holder and giver are one, four where they are two
 */
breakGlass: boolean
reason: string
}
export interface GiveGrantAnswer {
items: Grant[]
}
export interface HoldAllInput {
environment?: string
launch: string
}
export interface HoldAllBody {
id: string
/**
 * global stops everything that this store runs
 */
scope: ("environment" | "launch" | "global")
mode?: ("boundary" | "now")
count?: ("stops" | "runs")
reason: string
}
export interface HoldAllAnswer {
hold: string
/**
 * how many open runs it is about
 */
runs: number
}
export interface HoldRunInput {
run: string
}
export interface HoldRunBody {
reason: string
/**
 * null holds it as it stands: a hold is never too late
 */
expectedVersion: (string | null)
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step?: (string | null)
asset?: (string | null)
/**
 * boundary lets what runs end; now stops it, too
 */
mode?: ("boundary" | "now")
/**
 * whether T-time goes on
 */
count?: ("stops" | "runs")
}
export interface HoldShiftInput {
environment?: string
launch: string
shift: string
}
export interface HoldShiftBody {
/**
 * why
 */
reason: string
/**
 * version of the shift that the caller has read
 */
expectedVersion: number
}
export interface InviteAccountBody {
name: string
email: string
person: (string | null)
}
export interface IsLiveAnswer {
live: true
}
export interface IsReadyAnswer {
ready: boolean
reason: string
}
export interface LiftHoldInput {
environment?: string
launch: string
hold: string
}
export interface LiftHoldBody {
reason: string
}
export interface LiftHoldAnswer {
hold: string
/**
 * how many open runs it is about
 */
runs: number
}
export interface LintDraftInput {
launch: string
}
export interface LintDraftBody {
/**
 * relative to the launch repository
 */
path: string
text: string
}
export interface LintDraftAnswer {
findings: Finding[]
/**
 * false where no launch could be read with it
 */
readable: boolean
/**
 * whether evidence and votes that name the plan of now would no longer count
 */
changesPlan: boolean
/**
 * what it changes of who may do what: saving wants grant.give then; null where that cannot be told
 */
authority: (string[] | null)
/**
 * of the file that it would replace
 */
version: string
}
export interface ListAcceptancePassesInput {
launch: string
}
export interface ListAcceptancePassesAnswer {
items: AcceptancePass[]
}
export interface ListAccountEventsInput {
before?: string
account: string
}
export interface ListAccountEventsAnswer {
items: AccountEvent[]
}
export interface ListAccountsAnswer {
items: Account[]
}
export interface ListApprovalsInput {
launch?: string
}
export interface ListApprovalsAnswer {
items: ApprovalRequest[]
}
export interface ListAuditInput {
limit?: number
cursor?: string
kind?: ("run" | "access" | "log" | "identity" | "grant" | "hold" | "secret" | "approval" | "queue" | "rehearsal")
launch?: string
person?: string
run?: string
/**
 * refused, allowed, exception, pass, fail, unknown, go, no-go ...
 */
outcome?: string
}
export interface ListAuditAnswer {
items: AuditLine[]
next: (string | null)
}
export interface ListBrowserReportsAnswer {
items: BrowserReport[]
}
export interface ListCheckpointsInput {
limit?: number
cursor?: string
launch: string
}
export interface ListCheckpointsAnswer {
items: Checkpoint[]
next: (string | null)
}
export interface ListChecksInput {
environment?: string
launch: string
}
export interface ListChecksAnswer {
items: PlannedCheck[]
round: (CheckRound | null)
}
export interface ListDatasetsInput {
environment?: string
launch: string
}
export interface ListDatasetsAnswer {
environment: string
production: boolean
rights: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
items: Dataset[]
}
export interface ListDeadLettersAnswer {
items: DeadLetter[]
/**
 * how many are of runs elsewhere
 */
hidden: number
}
export interface ListDocumentsInput {
launch: string
}
export interface ListDocumentsAnswer {
items: DocumentLine[]
/**
 * why no launch can be read from them
 */
trouble: ({
message: string
hint: string
file: (string | null)
line: (number | null)
} | null)
}
export interface ListEventsInput {
launch?: string
run?: string
/**
 * types or families, with commas between: step.failed,approval
 */
type?: string
after?: number
limit?: number
}
export interface ListEventsAnswer {
items: Event[]
/**
 * ask after this one next
 */
cursor: number
/**
 * events between these two are no longer kept; null where nothing is missing
 */
gap: ({
after: number
before: number
} | null)
}
export interface ListEvidenceInput {
limit?: number
cursor?: string
kind?: ("evidence" | "waiver" | "approval" | "action-vote" | "step-confirmation" | "decision")
/**
 * part of the criterion, gate, request or step
 */
about?: string
/**
 * pass, fail, unknown, go, no-go ...
 */
word?: string
/**
 * person or tool
 */
by?: string
/**
 * leaves out what was superseded
 */
newest?: ("true" | "false")
launch: string
}
export interface ListEvidenceAnswer {
items: LogEntryLine[]
next: (string | null)
/**
 * entries that suit, on all pages
 */
matching: number
/**
 * entries of the log
 */
size: number
}
export interface ListFixesInput {
environment?: string
launch: string
dataset: string
}
export interface ListFixesAnswer {
items: FixLine[]
}
export interface ListGatesInput {
environment?: string
launch: string
}
export interface ListGatesAnswer {
items: GateLine[]
logSize: number
}
export interface ListGrantsInput {
ended?: ("true" | "false")
environment?: string
launch: string
}
export interface ListGrantsAnswer {
items: Grant[]
groups: {
id: string
people: string[]
}[]
people: {
id: string
name: string
automation: boolean
}[]
environments: string[]
roles: ("viewer" | "operator" | "approver" | "lead" | "admin")[]
}
export interface ListHoldsInput {
launch: string
}
export interface ListHoldsAnswer {
items: StandingHold[]
}
export interface ListLaunchRunsInput {
limit?: number
cursor?: string
environment?: string
mode?: ("live" | "rehearsal" | "dry-run")
/**
 * leaves out those that have ended
 */
open?: string
launch: string
}
export interface ListLaunchRunsAnswer {
items: RunLine[]
next: (string | null)
}
export interface ListLaunchesAnswer {
items: LaunchLine[]
}
export interface ListOwnEventsAnswer {
items: AccountEvent[]
}
export interface ListOwnPasskeysAnswer {
items: Passkey[]
declared: KeyDeclaration[]
}
export interface ListOwnRightsAnswer {
items: OwnRights[]
}
export interface ListOwnSessionsAnswer {
items: Session[]
}
export interface ListOwnTokensAnswer {
items: Token[]
scopes: ("launch.view" | "run.view" | "audit.view" | "data.view" | "document.edit" | "document.submit" | "document.review" | "document.approve" | "document.lock" | "check.run" | "run.start" | "run.hold" | "run.resume" | "run.cancel" | "run.retarget" | "rollout.promote" | "step.run" | "step.skip" | "step.attest" | "secret.use" | "queue.requeue" | "approval.request" | "approval.vote" | "approval.bypass" | "waiver.sign" | "poll.call" | "grant.give" | "grant.revoke" | "account.manage" | "installation.manage")[]
}
export interface ListRecurringInput {
environment?: string
launch: string
}
export interface ListRecurringAnswer {
nowMs: number
items: Recurring[]
}
export interface ListRehearsalsInput {
environment?: string
limit?: number
launch: string
}
export interface ListRehearsalsAnswer {
items: RehearsalLine[]
/**
 * those that this server has begun, under way or ended
 */
rounds: RehearsalRound[]
}
export interface ListRolloutsInput {
environment?: string
launch: string
}
export interface ListRunApprovalsInput {
run: string
}
export interface ListRunApprovalsAnswer {
items: ApprovalRequest[]
}
export interface ListRunEventsInput {
step?: string
after?: number
limit?: number
run: string
}
export interface ListRunEventsAnswer {
items: RunEvent[]
/**
 * ask after this one next
 */
cursor: number
more: boolean
}
export interface ListRunHoldsInput {
run: string
}
export interface ListRunHoldsAnswer {
items: PastHold[]
}
export interface ListRunsInput {
limit?: number
cursor?: string
environment?: string
mode?: ("live" | "rehearsal" | "dry-run")
/**
 * leaves out those that have ended
 */
open?: string
launch?: string
}
export interface ListRunsAnswer {
items: RunLine[]
next: (string | null)
}
export interface ListSessionsAnswer {
items: Session[]
}
export interface ListSetupPeopleBody {
code: string
}
export interface ListSetupPeopleAnswer {
items: {
person: string
name: string
launches: string[]
}[]
/**
 * launches whose people cannot be told, because their documents cannot be read
 */
unreadable: string[]
}
export interface ListTokensAnswer {
items: Token[]
}
export interface ListWebhooksAnswer {
items: Webhook[]
}
export interface ListWorkersAnswer {
items: Worker[]
}
export interface LockDocumentInput {
launch: string
}
export interface LockDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}
export interface NoteShiftInput {
environment?: string
launch: string
shift: string
}
export interface NoteShiftBody {
/**
 * what is to be said
 */
reason: string
/**
 * version of the shift that the caller has read
 */
expectedVersion: number
}
export interface OrderRunInput {
environment?: string
launch: string
}
export interface OrderRunBody {
procedure: string
/**
 * version of the plan that the caller has read
 */
expectedVersion: string
/**
 * null takes the one of the launch
 */
t0?: (string | null)
reason: string
/**
 * words that lift a change window
 * 
 * @maxItems 20
 */
labels?: string[]
}
export interface OrderRunAnswer {
run: string
/**
 * true where the same was ordered within the last 24 hours
 */
repeated: boolean
/**
 * id of the approval that was asked for
 */
request: (string | null)
}
export interface PassReviewDocumentInput {
launch: string
}
export interface PassReviewDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}
export interface PlanFixInput {
environment?: string
launch: string
dataset: string
}
export interface PlanFixBody {

}
export interface PlanImportInput {
environment?: string
launch: string
dataset: string
}
export interface PlanImportBody {
mode?: ("full" | "delta")
}
export interface PrepareAcceptanceInput {
environment?: string
launch: string
pass: string
}
export interface PrepareAcceptanceBody {
criterion: string
comment: string
role?: (string | null)
}
export interface PrepareAttestationInput {
environment?: string
launch: string
}
export interface PrepareAttestationBody {
criterion: string
comment: string
role?: (string | null)
proof?: ({
kind: ("url" | "file" | "artifact" | "comment" | "external-status")
value: string
/**
 * of the bytes of a file, which stay with the caller
 */
sha256?: (string | null)
} | null)
}
export interface PrepareConfirmationInput {
run: string
step: string
}
export interface PrepareConfirmationBody {
proof?: {
/**
 * a URL, a status, a comment, or the name of a file
 */
value?: string
/**
 * of the bytes of a file, which stay with the caller
 */
sha256?: (string | null)
}
comment?: string
role?: (string | null)
}
export interface PrepareDrillAttestationInput {
environment?: string
launch: string
drill: string
}
export interface PrepareDrillAttestationBody {
comment?: string
}
export interface PrepareFixApprovalInput {
environment?: string
launch: string
dataset: string
fix: string
}
export interface PrepareFixApprovalBody {
comment: string
}
export interface PrepareImportApprovalInput {
environment?: string
launch: string
dataset: string
batch: string
}
export interface PrepareImportApprovalBody {
comment: string
}
export interface PrepareRunVoteInput {
run: string
request: string
}
export interface PrepareRunVoteBody {
vote: ("go" | "no-go")
reason: string
role?: (("viewer" | "operator" | "approver" | "lead" | "admin") | null)
/**
 * version of the request that the caller has read
 */
seen: string
}
export interface PrepareVoteInput {
environment?: string
launch: string
gate: string
}
export interface PrepareVoteBody {
vote: ("go" | "no-go")
comment: string
role?: (string | null)
/**
 * subjectSha256 of the decision that the caller has read
 */
seen: string
}
export interface PrepareWaiverInput {
environment?: string
launch: string
}
export interface PrepareWaiverBody {
criterion: string
reason: string
role?: (string | null)
requestedBy: string
expiresAt: string
}
export interface PromoteShiftInput {
environment?: string
launch: string
shift: string
}
export interface PromoteShiftBody {
/**
 * why
 */
reason: string
/**
 * version of the shift that the caller has read
 */
expectedVersion: number
}
export interface ReadAcceptancePassInput {
launch: string
pass: string
}
export interface ReadApprovalInput {
run: string
request: string
}
export interface ReadAuditForInput {
limit?: number
cursor?: string
launch?: string
/**
 * KIND:ID, of a step step:RUN/STEP
 */
subject: string
}
export interface ReadAuditForAnswer {
items: AuditLine[]
next: (string | null)
}
export interface ReadBundleInput {
environment?: string
launch: string
/**
 * id of the entry, or its beginning
 */
id: string
}
export interface ReadDocumentInput {
/**
 * relative to the launch repository
 */
path: string
launch: string
}
export interface ReadDocumentAnswer {
path: string
/**
 * SHA-256 of the file: what a change has to name as expectedVersion
 */
version: string
text: string
/**
 * false where saving would not give the same bytes back; it cannot be edited here then
 */
isUtf8: boolean
tree: ReadingNode
findings: Finding[]
marks: StandingMark[]
/**
 * why it cannot be told how things stand
 */
marksTrouble: (string | null)
mayEdit: boolean
}
export interface ReadDocumentVersionInput {
/**
 * relative to the launch repository
 */
path: string
version: string
launch: string
}
export interface ReadDocumentVersionAnswer {
version: string
text: string
watermark: string
}
export interface ReadEvidenceInput {
launch: string
/**
 * id of the entry, or its beginning
 */
id: string
}
export interface ReadEvidenceAnswer {
id: string
index: number
/**
 * RFC 8785 form: its SHA-256 is the id
 */
body: string
chain: LogEntryLine[]
proof: InclusionProof
/**
 * what the launch is now; null where that cannot be told
 */
current: ({
planHash: string
candidateSha256: string
} | null)
}
export interface ReadEvidenceBytesInput {
launch: string
/**
 * id of the entry, or its beginning
 */
id: string
sha256: string
}
export interface ReadFixInput {
environment?: string
offset?: number
limit?: number
launch: string
dataset: string
fix: string
}
export interface ReadGateInput {
environment?: string
launch: string
gate: string
}
export interface ReadImportDeletionsInput {
environment?: string
launch: string
dataset: string
batch: string
}
export interface ReadLaunchInput {
environment?: string
launch: string
}
export interface ReadMeAnswer {
identity: (Identity | null)
setupOpen: boolean
signOns: {
id: string
name: string
}[]
version: string
baseUrl: string
/**
 * whether anybody can be any of its people
 */
isDemo: boolean
}
export interface ReadOutlookInput {
environment?: string
launch: string
}
export interface ReadPictureInput {
/**
 * relative to the launch repository
 */
path: string
launch: string
}
export interface ReadPlanInput {
environment?: string
launch: string
procedure: string
}
export interface ReadPlanAnswer {
/**
 * what an order of a run has to name as expectedVersion
 */
version: string
procedure: string
title: string
environment: string
production: boolean
planHash: string
/**
 * 0 wants no approval
 */
approvalLevel: number
/**
 * who may hold, release, skip, retry, settle, move T-0, cancel and undo
 */
deciders: {
role: string
people: string[]
}[]
phases: {
id: string
title: string
offsetMs: (number | null)
}[]
builtInHolds: {
id: string
title: string
/**
 * offset on the count
 */
atMs: number
forMs: number
release: ("clock" | "person")
}[]
recyclePoints: {
id: string
title: string
atMs: number
}[]
stopConditions: {
id: string
text: string
/**
 * false where only people see it
 */
isDetected: boolean
everyMs: (number | null)
}[]
pointsOfNoReturn: {
id: string
text: string
/**
 * false where only people see it
 */
isDetected: boolean
everyMs: (number | null)
}[]
queueLimitMs: (number | null)
limitMs: (number | null)
dryRunSha256: string
steps: {
id: string
title: string
part: ("forward" | "undo")
/**
 * null on the way back, and where the documents name none
 */
phase: (string | null)
/**
 * kind of the machine step; null for people and for waiting
 */
kind: (string | null)
human: boolean
role: (string | null)
/**
 * who may do it
 */
people: string[]
needs: string[]
/**
 * from T-0; null where it does not hang on the count
 */
offsetMs: (number | null)
/**
 * instant that it is planned for; null where it has none of its own
 */
atMs: (number | null)
/**
 * what is waited for, where it only waits
 */
pause: (({
kind: "for"
ms: number
} | {
kind: "until"
atMs: number
} | {
kind: "until-offset"
offsetMs: number
}) | null)
proof: (("url" | "file" | "artifact" | "comment" | "external-status") | null)
actionClass: string
writes: boolean
reversible: boolean
undo: (string | null)
undoAfterReturn: (string | null)
assets: string[]
limitMs: (number | null)
onFail: ("fail" | "hold" | "escalate")
onTimeout: ("fail" | "hold" | "escalate")
interrupted: ("rerun" | "verify" | "ask")
maxAttempts: number
askWhenLateMs: (number | null)
onRecycle: ("repeat" | "keep")
/**
 * median of the measured lengths; null where it was never measured
 */
typicalMs: (number | null)
by: ("person" | "worker" | "clock")
effects: Effect[]
}[]
}
export interface ReadReconcileInput {
environment?: string
launch: string
dataset: string
}
export interface ReadRehearsalInput {
launch: string
rehearsal: string
}
export interface ReadReviewInput {
/**
 * relative to the launch repository
 */
path: string
launch: string
}
export interface ReadRunInput {
run: string
}
export interface ReadRunLogInput {
step?: string
cursor?: string
limit?: number
run: string
}
export interface ReadRunLogAnswer {
items: LogPart[]
/**
 * ask after this one next; a step that still runs says more later
 */
cursor: (string | null)
more: boolean
}
export interface ReadShiftInput {
environment?: string
launch: string
shift: string
}
export interface ReadShiftJournalInput {
environment?: string
after?: number
launch: string
shift: string
}
export interface ReadShiftJournalAnswer {
items: ShiftEntry[]
next: (number | null)
}
export interface ReadShiftPointsInput {
environment?: string
launch: string
shift: string
}
export interface ReadShiftPointsAnswer {
items: ShiftPoint[]
}
export interface ReadStepInput {
run: string
step: string
}
export interface ReadUndoPlanInput {
run: string
}
export interface ReadUndoPlanAnswer {
version: string
/**
 * partial-write keeps what others wrote since the return
 */
variant: ("full" | "partial-write")
approvalLevel: number
steps: {
step: string
title: string
human: boolean
role: (string | null)
undoes: string[]
/**
 * false where what it takes back may not have taken effect
 */
certain: boolean
}[]
cannot: {
step: string
why: string
matters: boolean
}[]
/**
 * null while nobody has asked for the way back
 */
report: (UndoReport | null)
}
export interface ReadWayBackInput {
environment?: string
launch: string
}
export interface RecycleRunInput {
run: string
}
export interface RecycleRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
point: string
}
export interface RedeemCodeBody {
code: string
password: string
}
export interface RedeemCodeAnswer {
name: string
email: string
}
export interface RejectDocumentInput {
launch: string
}
export interface RejectDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * why; wanted
 */
reason: (string | null)
}
export interface RemoveWebhookInput {
expectedVersion?: string
webhook: string
}
export interface ReplayWebhookInput {
webhook: string
}
export interface ReplayWebhookBody {
after: (number | null)
expectedVersion?: string
}
export interface RequestChangesDocumentInput {
launch: string
}
export interface RequestChangesDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * why; wanted
 */
reason: (string | null)
}
export interface RequeueDeadLettersBody {
/**
 * @minItems 1
 * @maxItems 500
 */
letters: string[]
reason: string
}
export interface RequeueDeadLettersAnswer {
requeued: number
}
export interface ResetAccountInput {
account: string
}
export interface ResumeRunInput {
run: string
}
export interface ResumeRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
/**
 * id of the hold
 */
hold: string
}
export interface ResumeShiftInput {
environment?: string
launch: string
shift: string
}
export interface ResumeShiftBody {
/**
 * why
 */
reason: string
/**
 * version of the shift that the caller has read
 */
expectedVersion: number
}
export interface RetargetRunInput {
run: string
}
export interface RetargetRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
t0: string
}
export interface RetryStepInput {
run: string
}
export interface RetryStepBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step: string
}
export interface RollBackImportInput {
environment?: string
launch: string
dataset: string
batch: string
}
export interface RollBackImportBody {
/**
 * state of the import that the caller has read
 */
expectedVersion: string
}
export interface SaveDocumentInput {
launch: string
}
export interface SaveDocumentBody {
/**
 * relative to the launch repository
 */
path: string
text: string
/**
 * version of the file that was changed
 */
expectedVersion: string
}
export interface SaveDocumentAnswer {
findings: Finding[]
/**
 * false where no launch could be read with it
 */
readable: boolean
/**
 * whether evidence and votes that name the plan of now would no longer count
 */
changesPlan: boolean
/**
 * what it changes of who may do what: saving wants grant.give then; null where that cannot be told
 */
authority: (string[] | null)
version: string
}
export interface SealDecisionInput {
environment?: string
launch: string
gate: string
}
export interface SealDecisionBody {

}
export interface SealDecisionAnswer {
id: string
index: number
outcome: ("go" | "go-with-conditions" | "no-go")
}
export interface SetAccountPersonInput {
account: string
}
export interface SetAccountPersonBody {
person: (string | null)
expectedVersion: string
}
export interface SetAccountStateInput {
account: string
}
export interface SetAccountStateBody {
disabled: boolean
expectedVersion: string
}
export interface SettleStepInput {
run: string
}
export interface SettleStepBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step: string
outcome: ("done" | "failed")
}
export interface SignAcceptanceInput {
environment?: string
launch: string
pass: string
}
export interface SignAcceptanceAnswer {
id: string
/**
 * place in the log of the launch
 */
index: number
}
export interface SkipStepInput {
run: string
}
export interface SkipStepBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
step: string
}
export interface StartRollbackInput {
environment?: string
launch: string
procedure: string
}
export interface StartRollbackBody {
reason: string
}
export interface StartRolloutInput {
environment?: string
launch: string
rollout: string
}
export interface StartRolloutBody {
reason: string
/**
 * @maxItems 10
 */
labels?: string[]
/**
 * how long traffic is counted before
 */
watchSeconds?: number
/**
 * why it may begin although it cannot see its own limit; whoever says it has to be allowed to promote
 */
blind?: (string | null)
}
export interface StartRunInput {
run: string
}
export interface StartRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
}
export interface StopChecksInput {
environment?: string
launch: string
}
export interface StopChecksAnswer {
stopped: boolean
}
export interface StopDataWorkInput {
environment?: string
launch: string
dataset: string
}
export interface StopDataWorkAnswer {
stopped: boolean
}
export interface StopRehearsalInput {
environment?: string
launch: string
}
export interface StopRehearsalAnswer {
stopped: boolean
}
export interface StreamEventsInput {
launch?: string
run?: string
/**
 * types or families, with commas between: step.failed,approval
 */
type?: string
after?: number
}
export interface SubmitDocumentInput {
launch: string
}
export interface SubmitDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}
export interface TakeBackRolloutInput {
environment?: string
launch: string
rollout: string
}
export interface TakeBackRolloutBody {
reason: string
}
export interface TestWebhookInput {
webhook: string
}
export interface TestWebhookAnswer {
/**
 * id of the message
 */
id: string
}
export interface UndoFixInput {
environment?: string
launch: string
dataset: string
fix: string
}
export interface UndoFixBody {
/**
 * state of the fix that the caller has read
 */
expectedVersion: string
}
export interface UndoRunInput {
run: string
}
export interface UndoRunBody {
reason: string
/**
 * version of the run that the caller has seen; of two who saw the same, one wins
 */
expectedVersion: string
/**
 * null takes one that fits and that the caller holds
 */
role?: (string | null)
}
export interface UnlockDocumentInput {
launch: string
}
export interface UnlockDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * why; wanted
 */
reason: (string | null)
}
export interface WaiveInput {
environment?: string
launch: string
}
export interface WaiveAnswer {
id: string
/**
 * place in the log of the launch
 */
index: number
}
export interface WishOfWorkerInput {
worker: string
}
export interface WishOfWorkerBody {
/**
 * null leaves them as they are
 */
slots: (number | null)
drain: boolean
reason: string
expectedVersion: string
}
export interface WishOfWorkerAnswer {
worker: string
slots: (number | null)
drain: boolean
}
export interface WithdrawDocumentInput {
launch: string
}
export interface WithdrawDocumentBody {
/**
 * relative to the launch repository
 */
path: string
/**
 * version of the document that the caller has read
 */
expectedVersion: string
/**
 * newest move of the document that the caller has seen
 */
expectedNumber: number
/**
 * a word with it
 */
reason: (string | null)
}

/** Gives the canary nothing any more, at any phase. `POST /api/launches/{launch}/shifts/{shift}/abort` */
export function abortShift(input: AbortShiftInput & { body: AbortShiftBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/abort`, query: { "environment": input["environment"] }, body: input.body });
}

/** Adds a webhook that gets what happens from now on, as signed CloudEvents. `POST /api/webhooks` */
export function addWebhook(input: { body: AddWebhookBody }, options: CallOptions = {}): Promise<Webhook> {
  return request({ ...options, method: 'POST', path: '/api/webhooks', body: input.body });
}

/** Answers in a thread, resolves it, or opens it again; nothing that was said is removed. `POST /api/launches/{launch}/document/threads/{thread}` */
export function answerThread(input: AnswerThreadInput & { body: AnswerThreadBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/threads/${encodeURIComponent(input["thread"])}`, body: input.body });
}

/** Begins to apply an approved fix, each row only where it still is what was planned. `POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/apply` */
export function applyFix(input: ApplyFixInput & { body: ApplyFixBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}/apply`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins to write an approved import, or goes on with it; outside production no approval is wanted. `POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/apply` */
export function applyImport(input: ApplyImportInput & { body: ApplyImportBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/apply`, query: { "environment": input["environment"] }, body: input.body });
}

/** Approves a version whose review has passed; not whoever submitted it. `POST /api/launches/{launch}/document/approve` */
export function approveDocument(input: ApproveDocumentInput & { body: ApproveDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/approve`, body: input.body });
}

/** Keeps a signed approval with its fix. `POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/approval` */
export function approveFix(input: ApproveFixInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<ApproveFixAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}/approval`, query: { "environment": input["environment"] }, body: input.body });
}

/** Keeps a signed approval with its import. `POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/approval` */
export function approveImport(input: ApproveImportInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<ApproveImportAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/approval`, query: { "environment": input["environment"] }, body: input.body });
}

/** Sets dead letters aside: they are not carried out, and what stands behind them in their runs goes on. `POST /api/dead-letters/archive` */
export function archiveDeadLetters(input: { body: ArchiveDeadLettersBody }, options: CallOptions = {}): Promise<ArchiveDeadLettersAnswer> {
  return request({ ...options, method: 'POST', path: '/api/dead-letters/archive', body: input.body });
}

/** Asks for an approval of a run whose own has expired, or of taking it back from where it stands. `POST /api/runs/{run}/approvals` */
export function askApproval(input: AskApprovalInput & { body: AskApprovalBody }, options: CallOptions = {}): Promise<AskApprovalAnswer> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals`, body: input.body });
}

/** Seals a signed word as evidence of its criterion. `POST /api/launches/{launch}/attestations` */
export function attest(input: AttestInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<AttestAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/attestations`, query: { "environment": input["environment"] }, body: input.body });
}

/** Keeps a signed word on a drill beside its report, where a drill check counts it. `POST /api/launches/{launch}/drills/{drill}/attestations` */
export function attestDrill(input: AttestDrillInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<AttestDrillAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/drills/${encodeURIComponent(input["drill"])}/attestations`, query: { "environment": input["environment"] }, body: input.body });
}

/** Signs in as a person of the demo, with their key file; 404 everywhere else. `POST /api/demo/people/{person}/become` */
export function becomeDemoPerson(input: BecomeDemoPersonInput, options: CallOptions = {}): Promise<BecomeDemoPersonAnswer> {
  return request({ ...options, method: 'POST', path: `/api/demo/people/${encodeURIComponent(input["person"])}/become` });
}

/** Begins a pass of the caller, who signs in anew as its first action; one that they have open is given up. `POST /api/launches/{launch}/acceptance` */
export function beginAcceptancePass(input: BeginAcceptancePassInput, options: CallOptions = {}): Promise<AcceptancePass> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance`, query: { "environment": input["environment"] } });
}

/** Begins a round of the checks that are due, or of those that are named; what they see is sealed as it is seen. `POST /api/launches/{launch}/checks` */
export function beginChecks(input: BeginChecksInput & { body: BeginChecksBody }, options: CallOptions = {}): Promise<CheckRound> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/checks`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins to compare both sides of a dataset; it is watched and stopped as work of the dataset. `POST /api/launches/{launch}/datasets/{dataset}/reconcile` */
export function beginReconcile(input: BeginReconcileInput & { body: BeginReconcileBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/reconcile`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins a rehearsal where it harms nobody: forward, back and, in full depth, with every fault planted. `POST /api/launches/{launch}/rehearsals` */
export function beginRehearsal(input: BeginRehearsalInput & { body: BeginRehearsalBody }, options: CallOptions = {}): Promise<RehearsalRound> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins to review a submitted version; not whoever submitted it. `POST /api/launches/{launch}/document/begin-review` */
export function beginReviewDocument(input: BeginReviewDocumentInput & { body: BeginReviewDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/begin-review`, body: input.body });
}

/** Lets a step begin although it is late. `POST /api/runs/{run}/begin-late` */
export function beginStepLate(input: BeginStepLateInput & { body: BeginStepLateBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/begin-late`, body: input.body });
}

/** Says something about a line of a document, or about all of it. `POST /api/launches/{launch}/document/threads` */
export function beginThread(input: BeginThreadInput & { body: BeginThreadBody }, options: CallOptions = {}): Promise<BeginThreadAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/threads`, body: input.body });
}

/** Starts a run without its approval, where the caller holds a break-glass grant; told to everybody. `POST /api/runs/{run}/break-glass` */
export function breakGlass(input: BreakGlassInput & { body: BreakGlassBody }, options: CallOptions = {}): Promise<BreakGlassAnswer> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/break-glass`, body: input.body });
}

/** Calls a go/no-go poll about the decision that the caller has read, until a time. `POST /api/launches/{launch}/gates/{gate}/poll` */
export function callPoll(input: CallPollInput & { body: CallPollBody }, options: CallOptions = {}): Promise<Poll> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}/poll`, query: { "environment": input["environment"] }, body: input.body });
}

/** Calls a run off: what runs is asked to end, nothing more begins. `POST /api/runs/{run}/cancel` */
export function cancelRun(input: CancelRunInput & { body: CancelRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/cancel`, body: input.body });
}

/** Calls every open run of the launch off, of one environment where it is named; what was done stays done. `POST /api/launches/{launch}/runs/cancel` */
export function cancelRuns(input: CancelRunsInput & { body: CancelRunsBody }, options: CallOptions = {}): Promise<CancelRunsAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/runs/cancel`, query: { "environment": input["environment"] }, body: input.body });
}

/** Appends a signed vote; approved, the run goes on, and refused by one who decides it ends. `POST /api/runs/{run}/approvals/{request}/votes` */
export function castRunVote(input: CastRunVoteInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<CastRunVoteAnswer> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals/${encodeURIComponent(input["request"])}/votes`, body: input.body });
}

/** Appends a signed vote; refused as statement_stale where anything that was shown has changed. `POST /api/launches/{launch}/gates/{gate}/votes` */
export function castVote(input: CastVoteInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<CastVoteAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}/votes`, query: { "environment": input["environment"] }, body: input.body });
}

/** Chooses what the caller wants by mail. `PUT /api/me/notices` */
export function chooseNotices(input: { body: ChooseNoticesBody }, options: CallOptions = {}): Promise<NoticeStanding> {
  return request({ ...options, method: 'PUT', path: '/api/me/notices', body: input.body });
}

/** Planned beside actual, and beside another run: when each step began, and how long it took. `GET /api/runs/{run}/compare` */
export function compareRuns(input: CompareRunsInput, options: CallOptions = {}): Promise<RunComparison> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/compare`, query: { "with": input["with"] } });
}

/** As `compareRuns`, with the version that a change has to name in `ifMatch`. */
export function compareRunsVersioned(input: CompareRunsInput, options: CallOptions = {}): Promise<Versioned<RunComparison>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/compare`, query: { "with": input["with"] } });
}

/** Makes the first account with the code of the console; its person becomes the first admin of each launch. `POST /api/setup` */
export function completeSetup(input: { body: CompleteSetupBody }, options: CallOptions = {}): Promise<CompleteSetupAnswer> {
  return request({ ...options, method: 'POST', path: '/api/setup', body: input.body });
}

/** Closes a step by a signed word; refused as statement_stale where the step was begun again since. `POST /api/runs/{run}/steps/{step}/confirmations` */
export function confirmStep(input: ConfirmStepInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<ConfirmStepAnswer> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/steps/${encodeURIComponent(input["step"])}/confirmations`, body: input.body });
}

/** The document with a watermark: state, version, when and by whom. `GET /api/launches/{launch}/document/copy` */
export function copyDocumentAddress(input: CopyDocumentInput): string {
  return `/api/launches/${encodeURIComponent(input["launch"])}/document/copy` + toSearch({ "path": input["path"] });
}

/** Makes a token with scopes and an end; its text is shown now and kept nowhere. `POST /api/me/tokens` */
export function createToken(input: { body: CreateTokenBody }, options: CallOptions = {}): Promise<CreateTokenAnswer> {
  return request({ ...options, method: 'POST', path: '/api/me/tokens', body: input.body });
}

/** Says that a step that waits for the caller did not work. `POST /api/runs/{run}/decline` */
export function declineStep(input: DeclineStepInput & { body: DeclineStepBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/decline`, body: input.body });
}

/** Puts notices away for the caller; what they are about stays as it is. `POST /api/home/notices/dismiss` */
export function dismissNotices(input: { body: DismissNoticesBody }, options: CallOptions = {}): Promise<DismissNoticesAnswer> {
  return request({ ...options, method: 'POST', path: '/api/home/notices/dismiss', body: input.body });
}

/** Begins to restore an archive into a database made for it, and signs what was measured. `POST /api/launches/{launch}/datasets/{dataset}/drills` */
export function drillArchive(input: DrillArchiveInput & { body: DrillArchiveBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/drills`, query: { "environment": input["environment"] }, body: input.body });
}

/** Takes the second factors of somebody away who lost them, and ends their sessions. `DELETE /api/accounts/{account}/factors` */
export function dropAccountFactors(input: DropAccountFactorsInput, options: CallOptions = {}): Promise<Account> {
  return request({ ...options, method: 'DELETE', path: `/api/accounts/${encodeURIComponent(input["account"])}/factors` });
}

/** Ends a right by its id, or all that somebody holds by name, from this moment on; the document cannot bring it back. `POST /api/launches/{launch}/grants/end` */
export function endGrants(input: EndGrantsInput & { body: EndGrantsBody }, options: CallOptions = {}): Promise<EndGrantsAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/grants/end`, query: { "environment": input["environment"] }, body: input.body });
}

/** Ends every session of the caller but the one that asks. `DELETE /api/me/sessions` */
export function endOtherSessions(options: CallOptions = {}): Promise<EndOtherSessionsAnswer> {
  return request({ ...options, method: 'DELETE', path: '/api/me/sessions' });
}

/** Ends a session of the caller; it is out within five seconds. `DELETE /api/me/sessions/{session}` */
export function endOwnSession(input: EndOwnSessionInput, options: CallOptions = {}): Promise<EndOwnSessionAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/me/sessions/${encodeURIComponent(input["session"])}` });
}

/** Ends a token of the caller. `DELETE /api/me/tokens/{token}` */
export function endOwnToken(input: EndOwnTokenInput, options: CallOptions = {}): Promise<EndOwnTokenAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/me/tokens/${encodeURIComponent(input["token"])}` });
}

/** Ends the poll that is open; what was voted stays. `DELETE /api/launches/{launch}/gates/{gate}/poll` */
export function endPoll(input: EndPollInput, options: CallOptions = {}): Promise<Poll> {
  return request({ ...options, method: 'DELETE', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}/poll`, query: { "environment": input["environment"] } });
}

/** Ends a session of anybody. `DELETE /api/sessions/{session}` */
export function endSession(input: EndSessionInput, options: CallOptions = {}): Promise<EndSessionAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/sessions/${encodeURIComponent(input["session"])}` });
}

/** Ends a token of anybody. `DELETE /api/tokens/{token}` */
export function endToken(input: EndTokenInput, options: CallOptions = {}): Promise<EndTokenAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/tokens/${encodeURIComponent(input["token"])}` });
}

/** Begins to write an archive of a dataset, which stays with the server; no value of it is answered. `POST /api/launches/{launch}/datasets/{dataset}/archives` */
export function exportDataset(input: ExportDatasetInput & { body: ExportDatasetBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/archives`, query: { "environment": input["environment"] }, body: input.body });
}

/** The team mends what the decision named; 404 everywhere else. `POST /api/demo/fix` */
export function fixDemoShop(options: CallOptions = {}): Promise<Demo> {
  return request({ ...options, method: 'POST', path: '/api/demo/fix' });
}

/** When a run will be through, its critical path, and until when the way back still fits. `GET /api/runs/{run}/forecast` */
export function forecastRun(input: ForecastRunInput, options: CallOptions = {}): Promise<Forecast> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/forecast`, query: { "samples": input["samples"] } });
}

/** As `forecastRun`, with the version that a change has to name in `ifMatch`. */
export function forecastRunVersioned(input: ForecastRunInput, options: CallOptions = {}): Promise<Versioned<Forecast>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/forecast`, query: { "samples": input["samples"] } });
}

/** Gives a right, passes an own one on, or breaks the glass; the answer and its reason are in the audit either way. `POST /api/launches/{launch}/grants` */
export function giveGrant(input: GiveGrantInput & { body: GiveGrantBody }, options: CallOptions = {}): Promise<GiveGrantAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/grants`, query: { "environment": input["environment"] }, body: input.body });
}

/** Holds every run there is and every run that comes: of an environment, of the launch, or of everything. `POST /api/launches/{launch}/holds` */
export function holdAll(input: HoldAllInput & { body: HoldAllBody }, options: CallOptions = {}): Promise<HoldAllAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/holds`, query: { "environment": input["environment"] }, body: input.body });
}

/** Keeps back every further step of a run, or one step, or all that touch an asset. `POST /api/runs/{run}/hold` */
export function holdRun(input: HoldRunInput & { body: HoldRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/hold`, body: input.body });
}

/** Keeps the weight where it is; what is measured is still judged. `POST /api/launches/{launch}/shifts/{shift}/hold` */
export function holdShift(input: HoldShiftInput & { body: HoldShiftBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/hold`, query: { "environment": input["environment"] }, body: input.body });
}

/** Makes an account and a code, good for 72 hours, with which its holder chooses a password. `POST /api/accounts` */
export function inviteAccount(input: { body: InviteAccountBody }, options: CallOptions = {}): Promise<Ticket> {
  return request({ ...options, method: 'POST', path: '/api/accounts', body: input.body });
}

/** Whether the process turns. `GET /api/livez` */
export function isLive(options: CallOptions = {}): Promise<IsLiveAnswer> {
  return request({ ...options, method: 'GET', path: '/api/livez' });
}

/** As `isLive`, with the version that a change has to name in `ifMatch`. */
export function isLiveVersioned(options: CallOptions = {}): Promise<Versioned<IsLiveAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/livez' });
}

/** Whether it can do its work: 503 while the store takes no writes, and while the server is ending. `GET /api/readyz` */
export function isReady(options: CallOptions = {}): Promise<IsReadyAnswer> {
  return request({ ...options, method: 'GET', path: '/api/readyz' });
}

/** As `isReady`, with the version that a change has to name in `ifMatch`. */
export function isReadyVersioned(options: CallOptions = {}): Promise<Versioned<IsReadyAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/readyz' });
}

/** Lifts a hold above single runs. `POST /api/launches/{launch}/holds/{hold}/lift` */
export function liftHold(input: LiftHoldInput & { body: LiftHoldBody }, options: CallOptions = {}): Promise<LiftHoldAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/holds/${encodeURIComponent(input["hold"])}/lift`, query: { "environment": input["environment"] }, body: input.body });
}

/** What another text of a document would do: its findings, whether the plan or anybody's rights change; writes nothing. `POST /api/launches/{launch}/document/lint` */
export function lintDraft(input: LintDraftInput & { body: LintDraftBody }, options: CallOptions = {}): Promise<LintDraftAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/lint`, body: input.body });
}

/** Acceptance passes of a launch with what was done in each, the newest first and at most a hundred. `GET /api/launches/{launch}/acceptance` */
export function listAcceptancePasses(input: ListAcceptancePassesInput, options: CallOptions = {}): Promise<ListAcceptancePassesAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance` });
}

/** As `listAcceptancePasses`, with the version that a change has to name in `ifMatch`. */
export function listAcceptancePassesVersioned(input: ListAcceptancePassesInput, options: CallOptions = {}): Promise<Versioned<ListAcceptancePassesAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance` });
}

/** What happened to an account, the newest first and at most a hundred; before: id of the last one that is known. `GET /api/accounts/{account}/events` */
export function listAccountEvents(input: ListAccountEventsInput, options: CallOptions = {}): Promise<ListAccountEventsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/accounts/${encodeURIComponent(input["account"])}/events`, query: { "before": input["before"] } });
}

/** As `listAccountEvents`, with the version that a change has to name in `ifMatch`. */
export function listAccountEventsVersioned(input: ListAccountEventsInput, options: CallOptions = {}): Promise<Versioned<ListAccountEventsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/accounts/${encodeURIComponent(input["account"])}/events`, query: { "before": input["before"] } });
}

/** Every account, by name. `GET /api/accounts` */
export function listAccounts(options: CallOptions = {}): Promise<ListAccountsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/accounts' });
}

/** As `listAccounts`, with the version that a change has to name in `ifMatch`. */
export function listAccountsVersioned(options: CallOptions = {}): Promise<Versioned<ListAccountsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/accounts' });
}

/** Requests that still want votes, of every launch and environment that the caller may look at. `GET /api/approvals` */
export function listApprovals(input: ListApprovalsInput = {}, options: CallOptions = {}): Promise<ListApprovalsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/approvals', query: { "launch": input["launch"] } });
}

/** As `listApprovals`, with the version that a change has to name in `ifMatch`. */
export function listApprovalsVersioned(input: ListApprovalsInput = {}, options: CallOptions = {}): Promise<Versioned<ListApprovalsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/approvals', query: { "launch": input["launch"] } });
}

/** What people and programs did and were not let do, the newest first: runs, answers about rights, the log, accounts, grants, holds, secrets, approvals. `GET /api/audit` */
export function listAudit(input: ListAuditInput = {}, options: CallOptions = {}): Promise<ListAuditAnswer> {
  return request({ ...options, method: 'GET', path: '/api/audit', query: { "limit": input["limit"], "cursor": input["cursor"], "kind": input["kind"], "launch": input["launch"], "person": input["person"], "run": input["run"], "outcome": input["outcome"] } });
}

/** As `listAudit`, with the version that a change has to name in `ifMatch`. */
export function listAuditVersioned(input: ListAuditInput = {}, options: CallOptions = {}): Promise<Versioned<ListAuditAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/audit', query: { "limit": input["limit"], "cursor": input["cursor"], "kind": input["kind"], "launch": input["launch"], "person": input["person"], "run": input["run"], "outcome": input["outcome"] } });
}

/** Violation reports, the newest first. `GET /api/browser-reports` */
export function listBrowserReports(options: CallOptions = {}): Promise<ListBrowserReportsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/browser-reports' });
}

/** As `listBrowserReports`, with the version that a change has to name in `ifMatch`. */
export function listBrowserReportsVersioned(options: CallOptions = {}): Promise<Versioned<ListBrowserReportsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/browser-reports' });
}

/** Signed checkpoints of the log of a launch, the newest first: one that is kept somewhere else shows a tail that was cut. `GET /api/launches/{launch}/checkpoints` */
export function listCheckpoints(input: ListCheckpointsInput, options: CallOptions = {}): Promise<ListCheckpointsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/checkpoints`, query: { "limit": input["limit"], "cursor": input["cursor"] } });
}

/** As `listCheckpoints`, with the version that a change has to name in `ifMatch`. */
export function listCheckpointsVersioned(input: ListCheckpointsInput, options: CallOptions = {}): Promise<Versioned<ListCheckpointsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/checkpoints`, query: { "limit": input["limit"], "cursor": input["cursor"] } });
}

/** Every criterion with whether its check is due, and the newest round of checks. `GET /api/launches/{launch}/checks` */
export function listChecks(input: ListChecksInput, options: CallOptions = {}): Promise<ListChecksAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/checks`, query: { "environment": input["environment"] } });
}

/** As `listChecks`, with the version that a change has to name in `ifMatch`. */
export function listChecksVersioned(input: ListChecksInput, options: CallOptions = {}): Promise<Versioned<ListChecksAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/checks`, query: { "environment": input["environment"] } });
}

/** Every dataset with its imports, its newest comparison, its drills, and what is missing before GO. `GET /api/launches/{launch}/datasets` */
export function listDatasets(input: ListDatasetsInput, options: CallOptions = {}): Promise<ListDatasetsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets`, query: { "environment": input["environment"] } });
}

/** As `listDatasets`, with the version that a change has to name in `ifMatch`. */
export function listDatasetsVersioned(input: ListDatasetsInput, options: CallOptions = {}): Promise<Versioned<ListDatasetsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets`, query: { "environment": input["environment"] } });
}

/** Jobs whose tries are used up, and what each would do if it were sent again; of runs that the caller may see. `GET /api/dead-letters` */
export function listDeadLetters(options: CallOptions = {}): Promise<ListDeadLettersAnswer> {
  return request({ ...options, method: 'GET', path: '/api/dead-letters' });
}

/** As `listDeadLetters`, with the version that a change has to name in `ifMatch`. */
export function listDeadLettersVersioned(options: CallOptions = {}): Promise<Versioned<ListDeadLettersAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/dead-letters' });
}

/** The documents of a launch with the number of their findings. `GET /api/launches/{launch}/documents` */
export function listDocuments(input: ListDocumentsInput, options: CallOptions = {}): Promise<ListDocumentsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/documents` });
}

/** As `listDocuments`, with the version that a change has to name in `ifMatch`. */
export function listDocumentsVersioned(input: ListDocumentsInput, options: CallOptions = {}): Promise<Versioned<ListDocumentsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/documents` });
}

/** Events after a cursor in their order; asked again with the last cursor nothing is missed and nothing told twice. `GET /api/events` */
export function listEvents(input: ListEventsInput = {}, options: CallOptions = {}): Promise<ListEventsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/events', query: { "launch": input["launch"], "run": input["run"], "type": input["type"], "after": input["after"], "limit": input["limit"] } });
}

/** As `listEvents`, with the version that a change has to name in `ifMatch`. */
export function listEventsVersioned(input: ListEventsInput = {}, options: CallOptions = {}): Promise<Versioned<ListEventsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/events', query: { "launch": input["launch"], "run": input["run"], "type": input["type"], "after": input["after"], "limit": input["limit"] } });
}

/** Entries of the log of a launch, the newest first. `GET /api/launches/{launch}/evidence` */
export function listEvidence(input: ListEvidenceInput, options: CallOptions = {}): Promise<ListEvidenceAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/evidence`, query: { "limit": input["limit"], "cursor": input["cursor"], "kind": input["kind"], "about": input["about"], "word": input["word"], "by": input["by"], "newest": input["newest"] } });
}

/** As `listEvidence`, with the version that a change has to name in `ifMatch`. */
export function listEvidenceVersioned(input: ListEvidenceInput, options: CallOptions = {}): Promise<Versioned<ListEvidenceAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/evidence`, query: { "limit": input["limit"], "cursor": input["cursor"], "kind": input["kind"], "about": input["about"], "word": input["word"], "by": input["by"], "newest": input["newest"] } });
}

/** Fixes of a dataset, the newest first; no value of a row. `GET /api/launches/{launch}/datasets/{dataset}/fixes` */
export function listFixes(input: ListFixesInput, options: CallOptions = {}): Promise<ListFixesAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes`, query: { "environment": input["environment"] } });
}

/** As `listFixes`, with the version that a change has to name in `ifMatch`. */
export function listFixesVersioned(input: ListFixesInput, options: CallOptions = {}): Promise<Versioned<ListFixesAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes`, query: { "environment": input["environment"] } });
}

/** Every gate of a launch as it is decided now, with the shortest way to GO. `GET /api/launches/{launch}/gates` */
export function listGates(input: ListGatesInput, options: CallOptions = {}): Promise<ListGatesAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates`, query: { "environment": input["environment"] } });
}

/** As `listGates`, with the version that a change has to name in `ifMatch`. */
export function listGatesVersioned(input: ListGatesInput, options: CallOptions = {}): Promise<Versioned<ListGatesAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates`, query: { "environment": input["environment"] } });
}

/** Every right in this launch: what the document gives and what people gave; with ended=true those that hold no more. `GET /api/launches/{launch}/grants` */
export function listGrants(input: ListGrantsInput, options: CallOptions = {}): Promise<ListGrantsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/grants`, query: { "ended": input["ended"], "environment": input["environment"] } });
}

/** As `listGrants`, with the version that a change has to name in `ifMatch`. */
export function listGrantsVersioned(input: ListGrantsInput, options: CallOptions = {}): Promise<Versioned<ListGrantsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/grants`, query: { "ended": input["ended"], "environment": input["environment"] } });
}

/** Holds above single runs that are on: over everything, the launch, or one of its environments. `GET /api/launches/{launch}/holds` */
export function listHolds(input: ListHoldsInput, options: CallOptions = {}): Promise<ListHoldsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/holds` });
}

/** As `listHolds`, with the version that a change has to name in `ifMatch`. */
export function listHoldsVersioned(input: ListHoldsInput, options: CallOptions = {}): Promise<Versioned<ListHoldsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/holds` });
}

/** Runs of a launch, newest first. `GET /api/launches/{launch}/runs` */
export function listLaunchRuns(input: ListLaunchRunsInput, options: CallOptions = {}): Promise<ListLaunchRunsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/runs`, query: { "limit": input["limit"], "cursor": input["cursor"], "environment": input["environment"], "mode": input["mode"], "open": input["open"] } });
}

/** As `listLaunchRuns`, with the version that a change has to name in `ifMatch`. */
export function listLaunchRunsVersioned(input: ListLaunchRunsInput, options: CallOptions = {}): Promise<Versioned<ListLaunchRunsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/runs`, query: { "limit": input["limit"], "cursor": input["cursor"], "environment": input["environment"], "mode": input["mode"], "open": input["open"] } });
}

/** Launches that the caller may look at, those that cannot be read, too. `GET /api/launches` */
export function listLaunches(options: CallOptions = {}): Promise<ListLaunchesAnswer> {
  return request({ ...options, method: 'GET', path: '/api/launches' });
}

/** As `listLaunches`, with the version that a change has to name in `ifMatch`. */
export function listLaunchesVersioned(options: CallOptions = {}): Promise<Versioned<ListLaunchesAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/launches' });
}

/** What happened to the account of the caller, the newest first and at most a hundred. `GET /api/me/events` */
export function listOwnEvents(options: CallOptions = {}): Promise<ListOwnEventsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me/events' });
}

/** As `listOwnEvents`, with the version that a change has to name in `ifMatch`. */
export function listOwnEventsVersioned(options: CallOptions = {}): Promise<Versioned<ListOwnEventsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/events' });
}

/** Passkeys of the caller, and the key that each launch declares for their person. `GET /api/me/passkeys` */
export function listOwnPasskeys(options: CallOptions = {}): Promise<ListOwnPasskeysAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me/passkeys' });
}

/** As `listOwnPasskeys`, with the version that a change has to name in `ifMatch`. */
export function listOwnPasskeysVersioned(options: CallOptions = {}): Promise<Versioned<ListOwnPasskeysAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/passkeys' });
}

/** What the caller is to each launch and environment, and what they may do there now. `GET /api/me/rights` */
export function listOwnRights(options: CallOptions = {}): Promise<ListOwnRightsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me/rights' });
}

/** As `listOwnRights`, with the version that a change has to name in `ifMatch`. */
export function listOwnRightsVersioned(options: CallOptions = {}): Promise<Versioned<ListOwnRightsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/rights' });
}

/** Browsers in which the caller is signed in, the newest first. `GET /api/me/sessions` */
export function listOwnSessions(options: CallOptions = {}): Promise<ListOwnSessionsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me/sessions' });
}

/** As `listOwnSessions`, with the version that a change has to name in `ifMatch`. */
export function listOwnSessionsVersioned(options: CallOptions = {}): Promise<Versioned<ListOwnSessionsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/sessions' });
}

/** Tokens of the caller, the newest first, and the scopes that a token may have. `GET /api/me/tokens` */
export function listOwnTokens(options: CallOptions = {}): Promise<ListOwnTokensAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me/tokens' });
}

/** As `listOwnTokens`, with the version that a change has to name in `ifMatch`. */
export function listOwnTokensVersioned(options: CallOptions = {}): Promise<Versioned<ListOwnTokensAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/tokens' });
}

/** How every queue is; what cannot be read is unknown, never zero. `GET /api/queues` */
export function listQueues(options: CallOptions = {}): Promise<ListQueuesAnswer> {
  return request({ ...options, method: 'GET', path: '/api/queues' });
}

/** As `listQueues`, with the version that a change has to name in `ifMatch`. */
export function listQueuesVersioned(options: CallOptions = {}): Promise<Versioned<ListQueuesAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/queues' });
}

/** Procedures that recur, with their last proof, what is due and what was missed; computed now, whether or not a worker runs. `GET /api/launches/{launch}/recurring` */
export function listRecurring(input: ListRecurringInput, options: CallOptions = {}): Promise<ListRecurringAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/recurring`, query: { "environment": input["environment"] } });
}

/** As `listRecurring`, with the version that a change has to name in `ifMatch`. */
export function listRecurringVersioned(input: ListRecurringInput, options: CallOptions = {}): Promise<Versioned<ListRecurringAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/recurring`, query: { "environment": input["environment"] } });
}

/** The newest rehearsals of a launch, of one environment where it is named. `GET /api/launches/{launch}/rehearsals` */
export function listRehearsals(input: ListRehearsalsInput, options: CallOptions = {}): Promise<ListRehearsalsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals`, query: { "environment": input["environment"], "limit": input["limit"] } });
}

/** As `listRehearsals`, with the version that a change has to name in `ifMatch`. */
export function listRehearsalsVersioned(input: ListRehearsalsInput, options: CallOptions = {}): Promise<Versioned<ListRehearsalsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals`, query: { "environment": input["environment"], "limit": input["limit"] } });
}

/** Every rollout of a launch, with what was begun of it in an environment. `GET /api/launches/{launch}/rollouts` */
export function listRollouts(input: ListRolloutsInput, options: CallOptions = {}): Promise<Rollouts> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rollouts`, query: { "environment": input["environment"] } });
}

/** As `listRollouts`, with the version that a change has to name in `ifMatch`. */
export function listRolloutsVersioned(input: ListRolloutsInput, options: CallOptions = {}): Promise<Versioned<Rollouts>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rollouts`, query: { "environment": input["environment"] } });
}

/** Every request for approval of a run, the newest first. `GET /api/runs/{run}/approvals` */
export function listRunApprovals(input: ListRunApprovalsInput, options: CallOptions = {}): Promise<ListRunApprovalsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals` });
}

/** As `listRunApprovals`, with the version that a change has to name in `ifMatch`. */
export function listRunApprovalsVersioned(input: ListRunApprovalsInput, options: CallOptions = {}): Promise<Versioned<ListRunApprovalsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals` });
}

/** What happened to a run, in plain words and as data; of one step where it is named. `GET /api/runs/{run}/events` */
export function listRunEvents(input: ListRunEventsInput, options: CallOptions = {}): Promise<ListRunEventsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/events`, query: { "step": input["step"], "after": input["after"], "limit": input["limit"] } });
}

/** As `listRunEvents`, with the version that a change has to name in `ifMatch`. */
export function listRunEventsVersioned(input: ListRunEventsInput, options: CallOptions = {}): Promise<Versioned<ListRunEventsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/events`, query: { "step": input["step"], "after": input["after"], "limit": input["limit"] } });
}

/** Every hold that a run was under, the newest first: who put it and why, and who lifted it and why. `GET /api/runs/{run}/holds` */
export function listRunHolds(input: ListRunHoldsInput, options: CallOptions = {}): Promise<ListRunHoldsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/holds` });
}

/** As `listRunHolds`, with the version that a change has to name in `ifMatch`. */
export function listRunHoldsVersioned(input: ListRunHoldsInput, options: CallOptions = {}): Promise<Versioned<ListRunHoldsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/holds` });
}

/** Runs of every launch and environment that the caller may look at, newest first. `GET /api/runs` */
export function listRuns(input: ListRunsInput = {}, options: CallOptions = {}): Promise<ListRunsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/runs', query: { "limit": input["limit"], "cursor": input["cursor"], "environment": input["environment"], "mode": input["mode"], "open": input["open"], "launch": input["launch"] } });
}

/** As `listRuns`, with the version that a change has to name in `ifMatch`. */
export function listRunsVersioned(input: ListRunsInput = {}, options: CallOptions = {}): Promise<Versioned<ListRunsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/runs', query: { "limit": input["limit"], "cursor": input["cursor"], "environment": input["environment"], "mode": input["mode"], "open": input["open"], "launch": input["launch"] } });
}

/** Every session of every account, the newest first. `GET /api/sessions` */
export function listSessions(options: CallOptions = {}): Promise<ListSessionsAnswer> {
  return request({ ...options, method: 'GET', path: '/api/sessions' });
}

/** As `listSessions`, with the version that a change has to name in `ifMatch`. */
export function listSessionsVersioned(options: CallOptions = {}): Promise<Versioned<ListSessionsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/sessions' });
}

/** Whom of the launches the first account may stand for; wants the code, and does not use it up. `POST /api/setup/people` */
export function listSetupPeople(input: { body: ListSetupPeopleBody }, options: CallOptions = {}): Promise<ListSetupPeopleAnswer> {
  return request({ ...options, method: 'POST', path: '/api/setup/people', body: input.body });
}

/** Tokens of every account, the newest first. `GET /api/tokens` */
export function listTokens(options: CallOptions = {}): Promise<ListTokensAnswer> {
  return request({ ...options, method: 'GET', path: '/api/tokens' });
}

/** As `listTokens`, with the version that a change has to name in `ifMatch`. */
export function listTokensVersioned(options: CallOptions = {}): Promise<Versioned<ListTokensAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/tokens' });
}

/** Every webhook, by name, with how far it is and why it is off. `GET /api/webhooks` */
export function listWebhooks(options: CallOptions = {}): Promise<ListWebhooksAnswer> {
  return request({ ...options, method: 'GET', path: '/api/webhooks' });
}

/** As `listWebhooks`, with the version that a change has to name in `ifMatch`. */
export function listWebhooksVersioned(options: CallOptions = {}): Promise<Versioned<ListWebhooksAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/webhooks' });
}

/** Workers that were heard of within a day and have not left, the newest first, with what their processes carry out. `GET /api/workers` */
export function listWorkers(options: CallOptions = {}): Promise<ListWorkersAnswer> {
  return request({ ...options, method: 'GET', path: '/api/workers' });
}

/** As `listWorkers`, with the version that a change has to name in `ifMatch`. */
export function listWorkersVersioned(options: CallOptions = {}): Promise<Versioned<ListWorkersAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/workers' });
}

/** Locks an approved document: it is not saved here until it is unlocked. `POST /api/launches/{launch}/document/lock` */
export function lockDocument(input: LockDocumentInput & { body: LockDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/lock`, body: input.body });
}

/** The team mends what only customers saw, as a new candidate; 404 everywhere else. `POST /api/demo/mend` */
export function mendDemoShop(options: CallOptions = {}): Promise<Demo> {
  return request({ ...options, method: 'POST', path: '/api/demo/mend' });
}

/** Leaves the word that a phase waits for. `POST /api/launches/{launch}/shifts/{shift}/note` */
export function noteShift(input: NoteShiftInput & { body: NoteShiftBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/note`, query: { "environment": input["environment"] }, body: input.body });
}

/** Orders a live run of a procedure: it begins, or its approval is asked for; the same again within a day is the same. `POST /api/launches/{launch}/runs` */
export function orderRun(input: OrderRunInput & { body: OrderRunBody }, options: CallOptions = {}): Promise<OrderRunAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/runs`, query: { "environment": input["environment"] }, body: input.body });
}

/** Says that the review found nothing; every thread is resolved. `POST /api/launches/{launch}/document/pass-review` */
export function passReviewDocument(input: PassReviewDocumentInput & { body: PassReviewDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/pass-review`, body: input.body });
}

/** Begins to look for what the declared fixes would change; changes no row. `POST /api/launches/{launch}/datasets/{dataset}/fixes` */
export function planFix(input: PlanFixInput & { body: PlanFixBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins a dry run, which changes no byte and is kept as a planned import. `POST /api/launches/{launch}/datasets/{dataset}/imports` */
export function planImport(input: PlanImportInput & { body: PlanImportBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports`, query: { "environment": input["environment"] }, body: input.body });
}

/** The word of the caller on a human criterion with the digest of the pass as its proof, to be signed; writes nothing. `POST /api/launches/{launch}/acceptance/{pass}/prepare` */
export function prepareAcceptance(input: PrepareAcceptanceInput & { body: PrepareAcceptanceBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance/${encodeURIComponent(input["pass"])}/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** The word of the caller on a human criterion, to be signed; writes nothing. `POST /api/launches/{launch}/attestations/prepare` */
export function prepareAttestation(input: PrepareAttestationInput & { body: PrepareAttestationBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/attestations/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** The word of the caller that a step which waits for them is done, to be signed; writes nothing. `POST /api/runs/{run}/steps/{step}/confirmations/prepare` */
export function prepareConfirmation(input: PrepareConfirmationInput & { body: PrepareConfirmationBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/steps/${encodeURIComponent(input["step"])}/confirmations/prepare`, body: input.body });
}

/** The word of the caller that they watched a drill, to be signed; writes nothing. `POST /api/launches/{launch}/drills/{drill}/attestations/prepare` */
export function prepareDrillAttestation(input: PrepareDrillAttestationInput & { body: PrepareDrillAttestationBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/drills/${encodeURIComponent(input["drill"])}/attestations/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** The approval of a fix by the caller, to be signed; writes nothing. `POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/approval/prepare` */
export function prepareFixApproval(input: PrepareFixApprovalInput & { body: PrepareFixApprovalBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}/approval/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** The approval of a dry run by the caller, to be signed; writes nothing. `POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/approval/prepare` */
export function prepareImportApproval(input: PrepareImportApprovalInput & { body: PrepareImportApprovalBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/approval/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** The vote of the caller on a request as it stands now, to be signed; writes nothing. `POST /api/runs/{run}/approvals/{request}/votes/prepare` */
export function prepareRunVote(input: PrepareRunVoteInput & { body: PrepareRunVoteBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals/${encodeURIComponent(input["request"])}/votes/prepare`, body: input.body });
}

/** The vote of the caller on a gate as it stands now, to be signed; writes nothing. `POST /api/launches/{launch}/gates/{gate}/votes/prepare` */
export function prepareVote(input: PrepareVoteInput & { body: PrepareVoteBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}/votes/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** A waiver by the caller, to be signed; writes nothing. `POST /api/launches/{launch}/waivers/prepare` */
export function prepareWaiver(input: PrepareWaiverInput & { body: PrepareWaiverBody }, options: CallOptions = {}): Promise<PreparedStatement> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/waivers/prepare`, query: { "environment": input["environment"] }, body: input.body });
}

/** Goes on to the next phase although the measures do not say so yet. `POST /api/launches/{launch}/shifts/{shift}/promote` */
export function promoteShift(input: PromoteShiftInput & { body: PromoteShiftBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/promote`, query: { "environment": input["environment"] }, body: input.body });
}

/** A pass with its six actions, each with the row that shows it. `GET /api/launches/{launch}/acceptance/{pass}` */
export function readAcceptancePass(input: ReadAcceptancePassInput, options: CallOptions = {}): Promise<AcceptancePass> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance/${encodeURIComponent(input["pass"])}` });
}

/** As `readAcceptancePass`, with the version that a change has to name in `ifMatch`. */
export function readAcceptancePassVersioned(input: ReadAcceptancePassInput, options: CallOptions = {}): Promise<Versioned<AcceptancePass>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance/${encodeURIComponent(input["pass"])}` });
}

/** A request for approval with what it is bound to, its votes, and who could still vote. `GET /api/runs/{run}/approvals/{request}` */
export function readApproval(input: ReadApprovalInput, options: CallOptions = {}): Promise<ApprovalRequest> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals/${encodeURIComponent(input["request"])}` });
}

/** As `readApproval`, with the version that a change has to name in `ifMatch`. */
export function readApprovalVersioned(input: ReadApprovalInput, options: CallOptions = {}): Promise<Versioned<ApprovalRequest>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/approvals/${encodeURIComponent(input["request"])}` });
}

/** Who did what, when, and on what evidence about one thing: criterion, step, gate, run, hold, grant, approval, secret, person. `GET /api/audit/for` */
export function readAuditFor(input: ReadAuditForInput, options: CallOptions = {}): Promise<ReadAuditForAnswer> {
  return request({ ...options, method: 'GET', path: '/api/audit/for', query: { "limit": input["limit"], "cursor": input["cursor"], "launch": input["launch"], "subject": input["subject"] } });
}

/** As `readAuditFor`, with the version that a change has to name in `ifMatch`. */
export function readAuditForVersioned(input: ReadAuditForInput, options: CallOptions = {}): Promise<Versioned<ReadAuditForAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/audit/for', query: { "limit": input["limit"], "cursor": input["cursor"], "launch": input["launch"], "subject": input["subject"] } });
}

/** The bundle of a sealed decision as a tar archive, for tminus-verify; writes nothing. `GET /api/launches/{launch}/bundles/{id}` */
export function readBundleAddress(input: ReadBundleInput): string {
  return `/api/launches/${encodeURIComponent(input["launch"])}/bundles/${encodeURIComponent(input["id"])}` + toSearch({ "environment": input["environment"] });
}

/** The people and the shop of the demo; 404 everywhere else. `GET /api/demo` */
export function readDemo(options: CallOptions = {}): Promise<Demo> {
  return request({ ...options, method: 'GET', path: '/api/demo' });
}

/** As `readDemo`, with the version that a change has to name in `ifMatch`. */
export function readDemoVersioned(options: CallOptions = {}): Promise<Versioned<Demo>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/demo' });
}

/** A document as it stands in the working tree: its text, a tree that is safe to draw, what lint says, and how its criteria and steps stand. `GET /api/launches/{launch}/document` */
export function readDocument(input: ReadDocumentInput, options: CallOptions = {}): Promise<ReadDocumentAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document`, query: { "path": input["path"] } });
}

/** As `readDocument`, with the version that a change has to name in `ifMatch`. */
export function readDocumentVersioned(input: ReadDocumentInput, options: CallOptions = {}): Promise<Versioned<ReadDocumentAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document`, query: { "path": input["path"] } });
}

/** The text of a version that was submitted, or of the one that stands there, and what became of it. `GET /api/launches/{launch}/document/version` */
export function readDocumentVersion(input: ReadDocumentVersionInput, options: CallOptions = {}): Promise<ReadDocumentVersionAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/version`, query: { "path": input["path"], "version": input["version"] } });
}

/** As `readDocumentVersion`, with the version that a change has to name in `ifMatch`. */
export function readDocumentVersionVersioned(input: ReadDocumentVersionInput, options: CallOptions = {}): Promise<Versioned<ReadDocumentVersionAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/version`, query: { "path": input["path"], "version": input["version"] } });
}

/** An entry of the log as the bytes that were hashed, with the proof that it stands there and the evidence before and after it. `GET /api/launches/{launch}/evidence/{id}` */
export function readEvidence(input: ReadEvidenceInput, options: CallOptions = {}): Promise<ReadEvidenceAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/evidence/${encodeURIComponent(input["id"])}` });
}

/** As `readEvidence`, with the version that a change has to name in `ifMatch`. */
export function readEvidenceVersioned(input: ReadEvidenceInput, options: CallOptions = {}): Promise<Versioned<ReadEvidenceAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/evidence/${encodeURIComponent(input["id"])}` });
}

/** The raw bytes of a source of an entry, to be saved and never shown as a page. `GET /api/launches/{launch}/evidence/{id}/bytes/{sha256}` */
export function readEvidenceBytesAddress(input: ReadEvidenceBytesInput): string {
  return `/api/launches/${encodeURIComponent(input["launch"])}/evidence/${encodeURIComponent(input["id"])}/bytes/${encodeURIComponent(input["sha256"])}`;
}

/** A fix row by row, before and after, and what it leaves to people; hidden values are not in it. `GET /api/launches/{launch}/datasets/{dataset}/fixes/{fix}` */
export function readFix(input: ReadFixInput, options: CallOptions = {}): Promise<Fix> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}`, query: { "environment": input["environment"], "offset": input["offset"], "limit": input["limit"] } });
}

/** As `readFix`, with the version that a change has to name in `ifMatch`. */
export function readFixVersioned(input: ReadFixInput, options: CallOptions = {}): Promise<Versioned<Fix>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}`, query: { "environment": input["environment"], "offset": input["offset"], "limit": input["limit"] } });
}

/** The decision about a gate as of now: the tree of reasons, the smallest set of actions that leads to GO, and who voted. `GET /api/launches/{launch}/gates/{gate}` */
export function readGate(input: ReadGateInput, options: CallOptions = {}): Promise<GatePage> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}`, query: { "environment": input["environment"] } });
}

/** As `readGate`, with the version that a change has to name in `ifMatch`. */
export function readGateVersioned(input: ReadGateInput, options: CallOptions = {}): Promise<Versioned<GatePage>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}`, query: { "environment": input["environment"] } });
}

/** What needs the caller now, over all launches that they may see; sources that did not answer are named. `GET /api/home` */
export function readHome(options: CallOptions = {}): Promise<Home> {
  return request({ ...options, method: 'GET', path: '/api/home' });
}

/** As `readHome`, with the version that a change has to name in `ifMatch`. */
export function readHomeVersioned(options: CallOptions = {}): Promise<Versioned<Home>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/home' });
}

/** Keys of the rows that an import would delete, since their records are gone from the source. `GET /api/launches/{launch}/datasets/{dataset}/imports/{batch}/deletions` */
export function readImportDeletions(input: ReadImportDeletionsInput, options: CallOptions = {}): Promise<ImportDeletions> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/deletions`, query: { "environment": input["environment"] } });
}

/** As `readImportDeletions`, with the version that a change has to name in `ifMatch`. */
export function readImportDeletionsVersioned(input: ReadImportDeletionsInput, options: CallOptions = {}): Promise<Versioned<ImportDeletions>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/deletions`, query: { "environment": input["environment"] } });
}

/** A launch as its documents declare it now, with its candidate. `GET /api/launches/{launch}` */
export function readLaunch(input: ReadLaunchInput, options: CallOptions = {}): Promise<Launch> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}`, query: { "environment": input["environment"] } });
}

/** As `readLaunch`, with the version that a change has to name in `ifMatch`. */
export function readLaunchVersioned(input: ReadLaunchInput, options: CallOptions = {}): Promise<Versioned<Launch>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}`, query: { "environment": input["environment"] } });
}

/** Who is asking; null before signing in. `GET /api/me` */
export function readMe(options: CallOptions = {}): Promise<ReadMeAnswer> {
  return request({ ...options, method: 'GET', path: '/api/me' });
}

/** As `readMe`, with the version that a change has to name in `ifMatch`. */
export function readMeVersioned(options: CallOptions = {}): Promise<Versioned<ReadMeAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me' });
}

/** Until when evidence holds, how long the way back takes and until when it fits, and the run that counts. `GET /api/launches/{launch}/outlook` */
export function readOutlook(input: ReadOutlookInput, options: CallOptions = {}): Promise<Outlook> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/outlook`, query: { "environment": input["environment"] } });
}

/** As `readOutlook`, with the version that a change has to name in `ifMatch`. */
export function readOutlookVersioned(input: ReadOutlookInput, options: CallOptions = {}): Promise<Versioned<Outlook>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/outlook`, query: { "environment": input["environment"] } });
}

/** What the caller is told by which way, whether mail can reach them, and what was sent lately. `GET /api/me/notices` */
export function readOwnNotices(options: CallOptions = {}): Promise<NoticeStanding> {
  return request({ ...options, method: 'GET', path: '/api/me/notices' });
}

/** As `readOwnNotices`, with the version that a change has to name in `ifMatch`. */
export function readOwnNoticesVersioned(options: CallOptions = {}): Promise<Versioned<NoticeStanding>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/me/notices' });
}

/** A picture of the launch repository, for documents that show it. `GET /api/launches/{launch}/picture` */
export function readPictureAddress(input: ReadPictureInput): string {
  return `/api/launches/${encodeURIComponent(input["launch"])}/picture` + toSearch({ "path": input["path"] });
}

/** The dry run of a procedure: its plan, and everything that every step would do, with its digest. `GET /api/launches/{launch}/procedures/{procedure}/plan` */
export function readPlan(input: ReadPlanInput, options: CallOptions = {}): Promise<ReadPlanAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/procedures/${encodeURIComponent(input["procedure"])}/plan`, query: { "environment": input["environment"] } });
}

/** As `readPlan`, with the version that a change has to name in `ifMatch`. */
export function readPlanVersioned(input: ReadPlanInput, options: CallOptions = {}): Promise<Versioned<ReadPlanAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/procedures/${encodeURIComponent(input["procedure"])}/plan`, query: { "environment": input["environment"] } });
}

/** The newest comparison with samples of what differs; hidden values are not in it. `GET /api/launches/{launch}/datasets/{dataset}/reconcile` */
export function readReconcile(input: ReadReconcileInput, options: CallOptions = {}): Promise<Reconcile> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/reconcile`, query: { "environment": input["environment"] } });
}

/** As `readReconcile`, with the version that a change has to name in `ifMatch`. */
export function readReconcileVersioned(input: ReadReconcileInput, options: CallOptions = {}): Promise<Versioned<Reconcile>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/reconcile`, query: { "environment": input["environment"] } });
}

/** A rehearsal with every pass, judged by its events. `GET /api/launches/{launch}/rehearsals/{rehearsal}` */
export function readRehearsal(input: ReadRehearsalInput, options: CallOptions = {}): Promise<Rehearsal> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals/${encodeURIComponent(input["rehearsal"])}` });
}

/** As `readRehearsal`, with the version that a change has to name in `ifMatch`. */
export function readRehearsalVersioned(input: ReadRehearsalInput, options: CallOptions = {}): Promise<Versioned<Rehearsal>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals/${encodeURIComponent(input["rehearsal"])}` });
}

/** Where a document stands between draft and locked, who may do what next, its threads and its history. `GET /api/launches/{launch}/document/review` */
export function readReview(input: ReadReviewInput, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/review`, query: { "path": input["path"] } });
}

/** As `readReview`, with the version that a change has to name in `ifMatch`. */
export function readReviewVersioned(input: ReadReviewInput, options: CallOptions = {}): Promise<Versioned<DocumentReview>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/review`, query: { "path": input["path"] } });
}

/** A run as it stands: its count, every step, what it waits for, until when, and who can go on with it. `GET /api/runs/{run}` */
export function readRun(input: ReadRunInput, options: CallOptions = {}): Promise<Run> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}` });
}

/** As `readRun`, with the version that a change has to name in `ifMatch`. */
export function readRunVersioned(input: ReadRunInput, options: CallOptions = {}): Promise<Versioned<Run>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}` });
}

/** What the steps of a run said, in pieces, step by step; secrets were taken out before it was kept. `GET /api/runs/{run}/log` */
export function readRunLog(input: ReadRunLogInput, options: CallOptions = {}): Promise<ReadRunLogAnswer> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/log`, query: { "step": input["step"], "cursor": input["cursor"], "limit": input["limit"] } });
}

/** As `readRunLog`, with the version that a change has to name in `ifMatch`. */
export function readRunLogVersioned(input: ReadRunLogInput, options: CallOptions = {}): Promise<Versioned<ReadRunLogAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/log`, query: { "step": input["step"], "cursor": input["cursor"], "limit": input["limit"] } });
}

/** Where a shift of traffic stands: phases, verdicts in words, exposed requests, what it waits for. `GET /api/launches/{launch}/shifts/{shift}` */
export function readShift(input: ReadShiftInput, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}`, query: { "environment": input["environment"] } });
}

/** As `readShift`, with the version that a change has to name in `ifMatch`. */
export function readShiftVersioned(input: ReadShiftInput, options: CallOptions = {}): Promise<Versioned<Shift>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}`, query: { "environment": input["environment"] } });
}

/** What was seen, decided and set, each entry chained to the one before; mere looks are left out. `GET /api/launches/{launch}/shifts/{shift}/journal` */
export function readShiftJournal(input: ReadShiftJournalInput, options: CallOptions = {}): Promise<ReadShiftJournalAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/journal`, query: { "environment": input["environment"], "after": input["after"] } });
}

/** As `readShiftJournal`, with the version that a change has to name in `ifMatch`. */
export function readShiftJournalVersioned(input: ReadShiftJournalInput, options: CallOptions = {}): Promise<Versioned<ReadShiftJournalAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/journal`, query: { "environment": input["environment"], "after": input["after"] } });
}

/** Weights, evidence and counts of a shift against time, thinned evenly where there are many. `GET /api/launches/{launch}/shifts/{shift}/points` */
export function readShiftPoints(input: ReadShiftPointsInput, options: CallOptions = {}): Promise<ReadShiftPointsAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/points`, query: { "environment": input["environment"] } });
}

/** As `readShiftPoints`, with the version that a change has to name in `ifMatch`. */
export function readShiftPointsVersioned(input: ReadShiftPointsInput, options: CallOptions = {}): Promise<Versioned<ReadShiftPointsAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/points`, query: { "environment": input["environment"] } });
}

/** The level of the installation and of its parts, for everybody; without reasons or figures. `GET /api/status` */
export function readStatus(options: CallOptions = {}): Promise<StatusSummary> {
  return request({ ...options, method: 'GET', path: '/api/status' });
}

/** As `readStatus`, with the version that a change has to name in `ifMatch`. */
export function readStatusVersioned(options: CallOptions = {}): Promise<Versioned<StatusSummary>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/status' });
}

/** The same with the reason of each part, every metric beside its target, and the alarms that are open. `GET /api/status/details` */
export function readStatusDetails(options: CallOptions = {}): Promise<StatusDetails> {
  return request({ ...options, method: 'GET', path: '/api/status/details' });
}

/** As `readStatusDetails`, with the version that a change has to name in `ifMatch`. */
export function readStatusDetailsVersioned(options: CallOptions = {}): Promise<Versioned<StatusDetails>> {
  return requestVersioned({ ...options, method: 'GET', path: '/api/status/details' });
}

/** A step of a run: what the document says, what it would do, what happened to it, and who answers for it. `GET /api/runs/{run}/steps/{step}` */
export function readStep(input: ReadStepInput, options: CallOptions = {}): Promise<StepPage> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/steps/${encodeURIComponent(input["step"])}` });
}

/** As `readStep`, with the version that a change has to name in `ifMatch`. */
export function readStepVersioned(input: ReadStepInput, options: CallOptions = {}): Promise<Versioned<StepPage>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/steps/${encodeURIComponent(input["step"])}` });
}

/** What taking a run back would do from where it stands, step by step, and how it went where it was. `GET /api/runs/{run}/undo-plan` */
export function readUndoPlan(input: ReadUndoPlanInput, options: CallOptions = {}): Promise<ReadUndoPlanAnswer> {
  return request({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/undo-plan` });
}

/** As `readUndoPlan`, with the version that a change has to name in `ifMatch`. */
export function readUndoPlanVersioned(input: ReadUndoPlanInput, options: CallOptions = {}): Promise<Versioned<ReadUndoPlanAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/runs/${encodeURIComponent(input["run"])}/undo-plan` });
}

/** Whether the launch can still go back, how long that takes by what was measured, until when, and what is lost. `GET /api/launches/{launch}/way-back` */
export function readWayBack(input: ReadWayBackInput, options: CallOptions = {}): Promise<WayBackAnswer> {
  return request({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/way-back`, query: { "environment": input["environment"] } });
}

/** As `readWayBack`, with the version that a change has to name in `ifMatch`. */
export function readWayBackVersioned(input: ReadWayBackInput, options: CallOptions = {}): Promise<Versioned<WayBackAnswer>> {
  return requestVersioned({ ...options, method: 'GET', path: `/api/launches/${encodeURIComponent(input["launch"])}/way-back`, query: { "environment": input["environment"] } });
}

/** Takes the count back to a declared point. `POST /api/runs/{run}/recycle` */
export function recycleRun(input: RecycleRunInput & { body: RecycleRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/recycle`, body: input.body });
}

/** Chooses a password with the code of an invitation or a reset; ends the sessions of the account. `POST /api/redeem` */
export function redeemCode(input: { body: RedeemCodeBody }, options: CallOptions = {}): Promise<RedeemCodeAnswer> {
  return request({ ...options, method: 'POST', path: '/api/redeem', body: input.body });
}

/** Rejects a version for good, with a reason. `POST /api/launches/{launch}/document/reject` */
export function rejectDocument(input: RejectDocumentInput & { body: RejectDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/reject`, body: input.body });
}

/** Removes a webhook; what is enqueued for it is not sent any more. `DELETE /api/webhooks/{webhook}` */
export function removeWebhook(input: RemoveWebhookInput, options: CallOptions = {}): Promise<null> {
  return request({ ...options, method: 'DELETE', path: `/api/webhooks/${encodeURIComponent(input["webhook"])}`, query: { "expectedVersion": input["expectedVersion"] } });
}

/** Switches a webhook on and sends again: everything after a cursor, or what was not sent while it was off. `POST /api/webhooks/{webhook}/replay` */
export function replayWebhook(input: ReplayWebhookInput & { body: ReplayWebhookBody }, options: CallOptions = {}): Promise<Webhook> {
  return request({ ...options, method: 'POST', path: `/api/webhooks/${encodeURIComponent(input["webhook"])}/replay`, body: input.body });
}

/** Takes violation reports of the content security policy (CSP level 3, Reporting API). `POST /api/browser-reports` */
export function reportFromBrowser(input: { body: ReportFromBrowserBody }, options: CallOptions = {}): Promise<null> {
  return request({ ...options, method: 'POST', path: '/api/browser-reports', body: input.body });
}

/** Wants changes before the version can pass, with a reason. `POST /api/launches/{launch}/document/request-changes` */
export function requestChangesDocument(input: RequestChangesDocumentInput & { body: RequestChangesDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/request-changes`, body: input.body });
}

/** Sends dead letters again with all their tries; all that are named, or none. `POST /api/dead-letters/requeue` */
export function requeueDeadLetters(input: { body: RequeueDeadLettersBody }, options: CallOptions = {}): Promise<RequeueDeadLettersAnswer> {
  return request({ ...options, method: 'POST', path: '/api/dead-letters/requeue', body: input.body });
}

/** A code, good for one hour, with which the holder chooses a new password. `POST /api/accounts/{account}/reset` */
export function resetAccount(input: ResetAccountInput, options: CallOptions = {}): Promise<Ticket> {
  return request({ ...options, method: 'POST', path: `/api/accounts/${encodeURIComponent(input["account"])}/reset` });
}

/** Lifts a hold, or says go at a built-in one. `POST /api/runs/{run}/resume` */
export function resumeRun(input: ResumeRunInput & { body: ResumeRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/resume`, body: input.body });
}

/** Goes on from a hold. `POST /api/launches/{launch}/shifts/{shift}/resume` */
export function resumeShift(input: ResumeShiftInput & { body: ResumeShiftBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/shifts/${encodeURIComponent(input["shift"])}/resume`, query: { "environment": input["environment"] }, body: input.body });
}

/** Moves T-0; what hangs on the count moves with it. `POST /api/runs/{run}/retarget` */
export function retargetRun(input: RetargetRunInput & { body: RetargetRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/retarget`, body: input.body });
}

/** Has a failed or unknown step done again. `POST /api/runs/{run}/retry` */
export function retryStep(input: RetryStepInput & { body: RetryStepBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/retry`, body: input.body });
}

/** Begins to take an import back: exactly its rows, less those that people have edited since. `POST /api/launches/{launch}/datasets/{dataset}/imports/{batch}/roll-back` */
export function rollBackImport(input: RollBackImportInput & { body: RollBackImportBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/imports/${encodeURIComponent(input["batch"])}/roll-back`, query: { "environment": input["environment"] }, body: input.body });
}

/** Replaces a document in the working tree; nothing is committed. `PUT /api/launches/{launch}/document` */
export function saveDocument(input: SaveDocumentInput & { body: SaveDocumentBody }, options: CallOptions = {}): Promise<SaveDocumentAnswer> {
  return request({ ...options, method: 'PUT', path: `/api/launches/${encodeURIComponent(input["launch"])}/document`, body: input.body });
}

/** Every figure for a scraper, in OpenMetrics 1.0 or the text format of Prometheus; also at /metrics. `GET /api/metrics` */
export function scrapeMetricsAddress(): string {
  return '/api/metrics';
}

/** Seals the decision of now about a gate into the log: what was shown at that moment cannot be shown otherwise later. `POST /api/launches/{launch}/gates/{gate}/decisions` */
export function sealDecision(input: SealDecisionInput & { body: SealDecisionBody }, options: CallOptions = {}): Promise<SealDecisionAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/gates/${encodeURIComponent(input["gate"])}/decisions`, query: { "environment": input["environment"] }, body: input.body });
}

/** Says for whom of the launch documents the account stands, and ends its sessions. `POST /api/accounts/{account}/person` */
export function setAccountPerson(input: SetAccountPersonInput & { body: SetAccountPersonBody }, options: CallOptions = {}): Promise<Account> {
  return request({ ...options, method: 'POST', path: `/api/accounts/${encodeURIComponent(input["account"])}/person`, body: input.body });
}

/** Switches an account off, which ends its sessions and tokens, or on again. `POST /api/accounts/{account}/state` */
export function setAccountState(input: SetAccountStateInput & { body: SetAccountStateBody }, options: CallOptions = {}): Promise<Account> {
  return request({ ...options, method: 'POST', path: `/api/accounts/${encodeURIComponent(input["account"])}/state`, body: input.body });
}

/** Says what became of a step whose outcome nobody could tell. `POST /api/runs/{run}/settle` */
export function settleStep(input: SettleStepInput & { body: SettleStepBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/settle`, body: input.body });
}

/** Seals a signed pass as evidence of its criterion, and ends the pass. `POST /api/launches/{launch}/acceptance/{pass}/sign` */
export function signAcceptance(input: SignAcceptanceInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<SignAcceptanceAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/acceptance/${encodeURIComponent(input["pass"])}/sign`, query: { "environment": input["environment"] }, body: input.body });
}

/** Leaves a step out; it stays with the run, with the reason. `POST /api/runs/{run}/skip` */
export function skipStep(input: SkipStepInput & { body: SkipStepBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/skip`, body: input.body });
}

/** Makes one order of the new shop wrong, to be found; 404 everywhere else. `POST /api/demo/spoil` */
export function spoilDemoShop(options: CallOptions = {}): Promise<Demo> {
  return request({ ...options, method: 'POST', path: '/api/demo/spoil' });
}

/** Begins a declared way back, or flips a kill switch; its clock starts with it, and workers go on with it. `POST /api/launches/{launch}/rollbacks/{procedure}/start` */
export function startRollback(input: StartRollbackInput & { body: StartRollbackBody }, options: CallOptions = {}): Promise<BegunRollback> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/rollbacks/${encodeURIComponent(input["procedure"])}/start`, query: { "environment": input["environment"] }, body: input.body });
}

/** Begins to shift traffic, once nothing stands against it; workers carry it from there. `POST /api/launches/{launch}/rollouts/{rollout}/shifts` */
export function startRollout(input: StartRolloutInput & { body: StartRolloutBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/rollouts/${encodeURIComponent(input["rollout"])}/shifts`, query: { "environment": input["environment"] }, body: input.body });
}

/** Hands an approved run to the workers, where nobody has yet. `POST /api/runs/{run}/start` */
export function startRun(input: StartRunInput & { body: StartRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/start`, body: input.body });
}

/** Stops the round that is under way. `DELETE /api/launches/{launch}/checks` */
export function stopChecks(input: StopChecksInput, options: CallOptions = {}): Promise<StopChecksAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/launches/${encodeURIComponent(input["launch"])}/checks`, query: { "environment": input["environment"] } });
}

/** Stops what is under way with a dataset; what an import has finished stays, and it goes on from there. `DELETE /api/launches/{launch}/datasets/{dataset}/work` */
export function stopDataWork(input: StopDataWorkInput, options: CallOptions = {}): Promise<StopDataWorkAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/work`, query: { "environment": input["environment"] } });
}

/** Stops the rehearsal that is under way in an environment; what it has begun is called off. `DELETE /api/launches/{launch}/rehearsals` */
export function stopRehearsal(input: StopRehearsalInput, options: CallOptions = {}): Promise<StopRehearsalAnswer> {
  return request({ ...options, method: 'DELETE', path: `/api/launches/${encodeURIComponent(input["launch"])}/rehearsals`, query: { "environment": input["environment"] } });
}

/** The same as Server-Sent Events; goes on after Last-Event-ID, or after the query `after`, else with what is new. `GET /api/events/stream` */
export function streamEventsAddress(input: StreamEventsInput): string {
  return '/api/events/stream' + toSearch({ "launch": input["launch"], "run": input["run"], "type": input["type"], "after": input["after"] });
}

/** Submits the version that stands there for review. `POST /api/launches/{launch}/document/submit` */
export function submitDocument(input: SubmitDocumentInput & { body: SubmitDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/submit`, body: input.body });
}

/** Gives the canary of a rollout nothing any more, whether its shift is under way or has ended. `POST /api/launches/{launch}/rollouts/{rollout}/take-back` */
export function takeBackRollout(input: TakeBackRolloutInput & { body: TakeBackRolloutBody }, options: CallOptions = {}): Promise<Shift> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/rollouts/${encodeURIComponent(input["rollout"])}/take-back`, query: { "environment": input["environment"] }, body: input.body });
}

/** Sends the caller a test message by mail. `POST /api/me/notices/test` */
export function testNotices(options: CallOptions = {}): Promise<NoticeStanding> {
  return request({ ...options, method: 'POST', path: '/api/me/notices/test' });
}

/** Sends a message of the type tminus.test, which a worker delivers. `POST /api/webhooks/{webhook}/test` */
export function testWebhook(input: TestWebhookInput, options: CallOptions = {}): Promise<TestWebhookAnswer> {
  return request({ ...options, method: 'POST', path: `/api/webhooks/${encodeURIComponent(input["webhook"])}/test` });
}

/** Begins to take a fix back: every row becomes what it was, unless somebody wrote to it since. `POST /api/launches/{launch}/datasets/{dataset}/fixes/{fix}/undo` */
export function undoFix(input: UndoFixInput & { body: UndoFixBody }, options: CallOptions = {}): Promise<DataWork> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/datasets/${encodeURIComponent(input["dataset"])}/fixes/${encodeURIComponent(input["fix"])}/undo`, query: { "environment": input["environment"] }, body: input.body });
}

/** Takes back what a run has done, newest first; wants an approval of the way back where its plan says so. `POST /api/runs/{run}/undo` */
export function undoRun(input: UndoRunInput & { body: UndoRunBody }, options: CallOptions = {}): Promise<RunAfter> {
  return request({ ...options, method: 'POST', path: `/api/runs/${encodeURIComponent(input["run"])}/undo`, body: input.body });
}

/** Takes the lock away, with a reason. `POST /api/launches/{launch}/document/unlock` */
export function unlockDocument(input: UnlockDocumentInput & { body: UnlockDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/unlock`, body: input.body });
}

/** Appends a signed waiver. `POST /api/launches/{launch}/waivers` */
export function waive(input: WaiveInput & { body: SignedStatementInput }, options: CallOptions = {}): Promise<WaiveAnswer> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/waivers`, query: { "environment": input["environment"] }, body: input.body });
}

/** Drains a worker, lets it work again, or gives it more or fewer slots; it follows within seconds, on any machine. `POST /api/workers/{worker}/wish` */
export function wishOfWorker(input: WishOfWorkerInput & { body: WishOfWorkerBody }, options: CallOptions = {}): Promise<WishOfWorkerAnswer> {
  return request({ ...options, method: 'POST', path: `/api/workers/${encodeURIComponent(input["worker"])}/wish`, body: input.body });
}

/** Takes a submitted version back; only whoever submitted it. `POST /api/launches/{launch}/document/withdraw` */
export function withdrawDocument(input: WithdrawDocumentInput & { body: WithdrawDocumentBody }, options: CallOptions = {}): Promise<DocumentReview> {
  return request({ ...options, method: 'POST', path: `/api/launches/${encodeURIComponent(input["launch"])}/document/withdraw`, body: input.body });
}
