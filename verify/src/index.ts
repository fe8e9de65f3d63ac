export type * from './json.ts';
export type * from './record.ts';
