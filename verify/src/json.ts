/** A value that JSON can write. `undefined`, functions, bigint and non-finite numbers are not among them. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}
