/** Where something stands in Git: a path relative to the workspace, line and column counted from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}
