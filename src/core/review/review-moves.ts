import type { Permission } from '../access/permission.ts';

/** Where a version of a document stands (T14). A version that nobody has moved is a draft. */
export const documentStates = [
  'draft',
  'submitted',
  'in_review',
  'changes_requested',
  'review_approved',
  'approved',
  'locked',
  'rejected',
] as const;
export type DocumentState = (typeof documentStates)[number];

/** What people do to a version of a document: the way forward first. */
export const documentMoves = [
  'submit',
  'begin-review',
  'pass-review',
  'approve',
  'lock',
  'request-changes',
  'reject',
  'withdraw',
  'unlock',
] as const;
export type DocumentMove = (typeof documentMoves)[number];

/** When a move is possible, and whose it is. */
export interface MoveRule {
  from: readonly DocumentState[];
  to: DocumentState;
  permission: Permission;
  /** `submitter`: only the human who submitted this version; `others`: everybody but that human. */
  by: 'anybody' | 'submitter' | 'others';
  /** True where it wants a reason in words. */
  reason: boolean;
  /** True where it waits until every thread of the document is resolved. */
  settled: boolean;
}

/** The whole workflow, as data: what is not written here is not possible. */
export const moveRules: { readonly [move in DocumentMove]: MoveRule } = {
  submit: {
    from: ['draft', 'changes_requested'],
    to: 'submitted',
    permission: 'document.submit',
    by: 'anybody',
    reason: false,
    settled: false,
  },
  withdraw: {
    from: ['submitted', 'in_review', 'changes_requested'],
    to: 'draft',
    permission: 'document.submit',
    by: 'submitter',
    reason: false,
    settled: false,
  },
  'begin-review': {
    from: ['submitted'],
    to: 'in_review',
    permission: 'document.review',
    by: 'others',
    reason: false,
    settled: false,
  },
  'request-changes': {
    from: ['in_review', 'review_approved'],
    to: 'changes_requested',
    permission: 'document.review',
    by: 'others',
    reason: true,
    settled: false,
  },
  'pass-review': {
    from: ['in_review'],
    to: 'review_approved',
    permission: 'document.review',
    by: 'others',
    reason: false,
    settled: true,
  },
  approve: {
    from: ['review_approved'],
    to: 'approved',
    permission: 'document.approve',
    by: 'others',
    reason: false,
    settled: true,
  },
  reject: {
    from: ['submitted', 'in_review', 'review_approved'],
    to: 'rejected',
    permission: 'document.approve',
    by: 'others',
    reason: true,
    settled: false,
  },
  lock: {
    from: ['approved'],
    to: 'locked',
    permission: 'document.lock',
    by: 'anybody',
    reason: false,
    settled: false,
  },
  unlock: {
    from: ['locked'],
    to: 'approved',
    permission: 'document.lock',
    by: 'anybody',
    reason: true,
    settled: false,
  },
};
