import type { CanonType } from './canon.ts';
import type { Place } from '../launch/place.ts';

/** What a datastore is made of; each has a folder in src/kinds/datastores. */
export type DatastoreKindName =
  | 'postgres'
  | 'mysql'
  | 'sqlite'
  | 'csv'
  | 'json'
  | 'parquet'
  | 'http'
  | 'mysqldump'
  | 'trello';

/** A place where data lives, as the front matter declares it under `datastores`. */
export interface Datastore {
  id: string;
  kind: DatastoreKindName;
  /** Where it is, without a password; templates of the environment stand as written. By environment, or `*` for every one. */
  url: { readonly [environment: string]: string };
  /** Name of the secret that holds the password or token; null where none is wanted. */
  password: string | null;
  /** What only this kind understands: zone, encoding, delimiter, cursor ... as its schema reads it. */
  options: { readonly [key: string]: string };
  at: Place;
}

/** One table (file, entity, list of an API) in a datastore. */
export interface TableReference {
  on: string;
  table: string;
}

/** A comparison of one column with a value; conditions of a list hold together. */
export interface RowCondition {
  column: string;
  operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'missing' | 'exists' | 'matches';
  /** Canonical text; empty for `missing` and `exists`, one for the others, several for `in`. */
  values: readonly string[];
  /** As written. */
  text: string;
}

/** A reason for which records of the source are left out, on purpose. The first that holds is the one that counts. */
export interface SkipRule {
  reason: string;
  when: readonly RowCondition[];
}

/** What happens to a value between source and target, in this order. */
export interface ColumnStep {
  does:
    | 'trim'
    | 'lower'
    | 'upper'
    | 'nfc'
    | 'null-if'
    | 'default'
    | 'multiply'
    | 'translate'
    | 'boolean'
    | 'zone'
    | 'scale'
    | 'mojibake'
    | 'token';
  /** `null-if`, `default`: the text. `multiply`: the factor. `zone`: an IANA name. `scale`: digits. `translate`: from, to, from, to ... Else empty. */
  arguments: readonly string[];
}

/** How one column of the target is filled. */
export interface ColumnMap {
  to: string;
  /** Column of the source; null where `value` says it. */
  from: string | null;
  value: string | null;
  steps: readonly ColumnStep[];
  /** Type that both sides are read as; null where it follows from the columns. */
  as: CanonType | null;
}

/** How far two values may lie apart and still count as the same; printed beside every verdict that it touched. */
export interface ColumnTolerance {
  column: string;
  kind: 'ulp' | 'absolute' | 'relative' | 'trim' | 'case' | 'nfc' | 'newline';
  amount: string | null;
}

/** What stands in the way of copying a person's data around. */
export type PersonalCategory = 'name' | 'email' | 'phone' | 'address' | 'birth' | 'account' | 'free-text' | 'other';

/** A rule that holds inside one datastore, or between two. */
export interface DataRule {
  id: string;
  kind: 'orphans' | 'unique' | 'implies' | 'accepted' | 'sum' | 'sequence' | 'count' | 'at-most';
  /** As the fence says it, checked by the schema of its kind. */
  body: { readonly [key: string]: unknown };
}

/** What may be repaired without anybody looking at each row: declared, never assumed. */
export interface SafeFix {
  id: string;
  /** Class of difference, or id of a rule, that it repairs. */
  repairs: string;
  does: 'copy' | 'insert' | 'set' | 'token' | 'clear' | 'delete';
  column: string | null;
  /** What `set` writes, as canonical text; null for every other one. */
  value: string | null;
  /** Only `true` lets `fix` take it up by itself. */
  safe: boolean;
  /** Who stands in column `email` of a row has to have been sent this mailout so long ago; null where nobody has to be told first. */
  notice: { mailout: string; email: string; noticeMs: number } | null;
}

/** How the target tells which of its records were written in a window of time, so that these can be exported by themselves (C17). */
export interface PartialTerms {
  /** Column of the target that says when a record was written. */
  by: string;
  /** What the column holds where it names no zone; null where each value is an instant by itself. */
  zone: 'UTC' | null;
}

/** Records of one kind that move from a source to a target, as a `yaml dataset` fence declares them. */
export interface Dataset {
  id: string;
  title: string;
  source: TableReference;
  /** Null for a dataset that is only archived, or only held against rules. */
  target: TableReference | null;
  /** Columns of the source that name a record; empty for a table without a key. */
  key: readonly string[];
  /** What is carried over; empty where every column of the source goes to the column of its name. */
  map: readonly ColumnMap[];
  /** Columns of the source that are left behind, with the reason. */
  omit: readonly { column: string; reason: string }[];
  skip: readonly SkipRule[];
  /** Rows of the target that belong to the dataset; empty where all do. */
  targetWhere: readonly RowCondition[];
  /** Null where nothing says when a record of the target was written. */
  partial: PartialTerms | null;
  tolerances: readonly ColumnTolerance[];
  personal: readonly { column: string; category: PersonalCategory }[];
  redact: readonly string[];
  /** Where the data may lie; null where the document does not say. */
  residency: string | null;
  retentionMs: number | null;
  rules: readonly DataRule[];
  fixes: readonly SafeFix[];
  /** Version of the policy of repairs; a plan of another version is refused. */
  fixPolicy: string | null;
  at: Place;
}
