/** How far an import is. */
export interface ImportProgress {
  phase: 'dry run' | 'import' | 'delete' | 'verify' | 'roll back';
  done: number;
  total: number;
  /** How far replicas lag; null where nobody asks. */
  lagMs: number | null;
}

export type ReportProgress = (progress: ImportProgress) => void;
