import type { ErrorCode } from '../../src/core/error/error-codes.ts';
import { apiErrorMeanings } from './api-error-meanings.ts';
import { dataErrorMeanings } from './data-error-meanings.ts';
import { rolloutErrorMeanings } from './rollout-error-meanings.ts';

/** What an error says and what to do about it, for every code: the compiler holds that none is missing and none is unknown. */
export const errorMeanings: { readonly [code in ErrorCode]: { meaning: string; next: string } } = {
  usage: {
    meaning: 'The command line cannot be understood: an unknown option, a value of the wrong form.',
    next: 'Read the hint, or `tminus help COMMAND`.',
  },
  interrupted: {
    meaning: 'A signal ended the work. What was sealed stays; the rest is due again.',
    next: 'Run the same command again.',
  },
  internal: {
    meaning: 'Something broke that has no code of its own. This is a fault of Tminus.',
    next: 'Report it with the command, the version and the lines on stderr.',
  },
  launch_invalid: {
    meaning: 'The launch documents have problems, so there is no plan. Nothing is run from half a plan.',
    next: 'Mend them; `tminus lint` shows each with its line and what to do.',
  },
  launch_missing: {
    meaning: 'No document below the folder says `tminus: launch`.',
    next: 'Name the folder with `-C`, or begin with `tminus init`.',
  },
  document_unknown: {
    meaning: 'The launch has no such document or picture.',
    next: 'Open one of those that the message names.',
  },
  document_unreadable: {
    meaning: 'A document cannot be opened, leads out of the launch repository, or is over a limit.',
    next: 'Mend the file or the link that the message names.',
  },
  document_locked: {
    meaning: 'The document is locked, so that it is not saved here.',
    next: 'Ask one of those whom the message names to unlock it, with a reason.',
  },
  review_refused: {
    meaning: 'The version of the document cannot be moved so from where it stands, or not by you.',
    next: 'Read what the message expects; `tminus document show` says who may do what next.',
  },
  thread_unknown: {
    meaning: 'The document has no thread with that number.',
    next: 'Look at `tminus document show`.',
  },
  channel_unavailable: {
    meaning: 'No worker of this installation sends by that channel at the moment.',
    next: 'Start a worker with `TMINUS_SMTP` and `TMINUS_MAIL_FROM`, and repeat it.',
  },
  gate_unknown: {
    meaning: 'The launch has no such gate or phase, or has several and none was named.',
    next: 'Name one of those in the message.',
  },
  criterion_unknown: {
    meaning: 'No gate declares a criterion of that id, or it is not one that can be signed or waived.',
    next: 'Name one of those in the message.',
  },
  candidate_unknown: {
    meaning: 'What is to be launched cannot be determined: no commit, no value behind a template, no such environment.',
    next: 'Commit, or declare the value under `candidate` in the front matter.',
  },
  person_unknown: {
    meaning: 'The launch declares nobody of that id.',
    next: 'Declare the person under `people`, or sign as one who is.',
  },
  role_missing: {
    meaning: 'The person does not hold the role that is asked for, or is automation where a human is wanted.',
    next: 'Let somebody who holds the role sign.',
  },
  statement_void: {
    meaning:
      'A vote or waiver that the decision could not count: of the requester, of an automation, expired, on a criterion that may not be waived.',
    next: 'Let somebody sign who may. Nothing was written.',
  },
  statement_stale: {
    meaning:
      'Something that was shown has changed since the statement was prepared, or it was signed more than five minutes later. The message names what. Nothing was written.',
    next: 'Read what stands now, and sign that.',
  },
  signature_invalid: {
    meaning:
      'The key does not belong to the person, the person has none, or what stands now is not what was to be signed.',
    next: 'Sign with the key declared under `people`; look at the decision again before you vote.',
  },
  key_unreadable: {
    meaning: 'The key file cannot be opened, or holds no Ed25519 private key.',
    next: 'Name the file that `tminus key create` wrote.',
  },
  permission_denied: {
    meaning: 'Neither the document nor a grant gives the person this permission in this environment now.',
    next: 'Look at `tminus grant list`; ask an admin for a grant, or declare the person in a role.',
  },
  grant_refused: {
    meaning:
      'The right would not hold: to oneself, wider than what is passed on, too long for a broken glass, of nobody.',
    next: 'Let somebody else give it, or give what the message names. Nothing was written.',
  },
  grant_unknown: {
    meaning: 'No grant of that id is in force, or the person holds none.',
    next: 'Name one that `tminus grant list` shows.',
  },
  approval_refused: {
    meaning: 'No vote could approve this request: a level too low, authors or executors nobody knows, no dry run.',
    next: 'Mend what the message names and ask again. Nothing was written.',
  },
  approval_unknown: {
    meaning: 'The launch has no such approval request.',
    next: 'Name one as the run shows it.',
  },
  secret_unknown: {
    meaning: 'The launch declares no secret of that name.',
    next: 'Declare it under `secrets`, or name one of those in the message.',
  },
  secret_unavailable: {
    meaning:
      'The place that keeps the secret did not give it: missing, refused, sealed, unreachable. Nothing stands in for it.',
    next: 'Follow the hint, then run it again. The failure is in the audit.',
  },
  procedure_unknown: {
    meaning: 'The launch has no procedure of that id, or has several runbooks and none was named.',
    next: 'Name the procedure by the id of its heading.',
  },
  plan_refused: {
    meaning:
      'The procedure cannot be run as it is written: an empty role, a need that is no step, an undo that is not there.',
    next: 'Mend what the lines below name; `tminus lint` shows the places.',
  },
  letter_unknown: {
    meaning: 'a dead letter that is meant does not wait any more',
    next: 'look at the list again; nothing was done',
  },
  worker_unknown: {
    meaning: 'no worker of that name was heard of within a day',
    next: 'list the workers',
  },
  run_unknown: {
    meaning: 'No run of that id, or none where exactly one was expected.',
    next: 'Name one that `tminus status --all` shows.',
  },
  poll_refused: {
    meaning: 'There is a go/no-go poll at this gate already, or none to end.',
    next: 'Read the gate again: it shows the poll, who called it, and until when.',
  },
  run_refused: {
    meaning:
      'The run does not take this now: it has ended, another attempt has the step, the person or the reason is missing.',
    next: 'Do what the hint says; `tminus status` shows what the run waits for. Nothing was changed.',
  },
  run_key_taken: {
    meaning: 'The idempotency key stands for another order of the last 24 hours.',
    next: 'Take another key.',
  },
  evidence_unknown: {
    meaning: 'The log has no entry of that id, or several that begin with it.',
    next: 'Take a longer id from `tminus evidence list`.',
  },
  log_broken: {
    meaning: 'Stored entries do not hang together as the log says, or its key is missing.',
    next: 'Run `tminus doctor`; restore `keys` and database together from the backup.',
  },
  bundle_invalid: {
    meaning: 'A bundle was read and does not hold.',
    next: 'Read which step failed; get the bundle again and compare the digest of `bundle.json`.',
  },
  archive_unreadable: {
    meaning: 'The file that was given cannot be read at all.',
    next: 'Name the file of an archive, as "tminus export" wrote it.',
  },
  export_refused: {
    meaning:
      'A row that would have been exported holds something of the shape of a secret, or a table has no place in the export yet. Nothing was written.',
    next: 'Redact or omit the column in the dataset, or take the secret out of the row.',
  },
  drill_refused: {
    meaning: 'The place that was named for a restore drill is production, or is not empty. Nothing was touched.',
    next: 'Name a server that is not of production, and let the drill make its own database.',
  },
  bundle_unreadable: {
    meaning: 'There is no bundle in that folder, or its files cannot be opened.',
    next: 'Name the folder that `tminus evidence export` wrote.',
  },
  store_unavailable: {
    meaning: 'The database does not answer or refuses the account. Nothing was written.',
    next: 'Look at the server or at `DATABASE_URL`, and run the same command again.',
  },
  store_in_use: {
    meaning:
      'Another process starts or stops the server of this data directory, or an earlier version of Tminus works in it. The message names it.',
    next: 'Wait for it, and run the same command again.',
  },
  store_went_back: {
    meaning:
      'The database lacks what it had acknowledged to this process, or a newer primary has taken its place: a fail-over that lost its tail, an older backup, a split brain. Nothing was written; runs stand still.',
    next: 'Compare the runs under way with what their targets saw, put holds where you are not sure, then start the process again.',
  },
  store_damaged: {
    meaning: 'The data directory is not one that Tminus can go on with.',
    next: 'Read the message; restore the backup, never mend by hand.',
  },
  store_version: {
    meaning: 'The data was written by another version of Tminus or of Postgres.',
    next: 'Run the version that the message names.',
  },
  disk_full: {
    meaning: 'There is no room left. Nothing was half written.',
    next: 'Free some space, and run the same command again.',
  },
  output_exists: {
    meaning: 'A file or folder that would be written is there already. Nothing was overwritten.',
    next: 'Name another, or remove it yourself.',
  },
  output_unwritable: {
    meaning:
      'A file or folder cannot be written where it was asked for. Nothing was half written, and nothing was sealed for it.',
    next: 'Name another place, or give the current user the right to write there.',
  },
  platform_unsupported: {
    meaning: 'There is no embedded database for this system.',
    next: 'Set `DATABASE_URL` to a Postgres of version 15 or later.',
  },
  ...dataErrorMeanings,
  ...rolloutErrorMeanings,
  ...apiErrorMeanings,
};

/** What each exit code says, for the pages of errors and of commands. */
export const exitMeanings: { readonly [exit: number]: string } = {
  0: 'done, or GO',
  1: 'unexpected: a fault, or a machine that does not do its part',
  2: 'usage: the command line names something that is not there',
  3: 'the documents are invalid',
  4: 'NO-GO, a check that did not pass, or a bundle that does not hold',
  5: 'people are missing: NO-GO until they sign; of a bundle, not everything could be checked',
  6: 'refused by policy: this person may not do that',
  130: 'interrupted',
};
