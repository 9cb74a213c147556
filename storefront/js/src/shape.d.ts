/** Whether JSON is a manifest that a decision can go by. Pure functions, which never throw for any JSON value of `manifest`. */

/** A manifest as `prepare` read it; what is in it is of no use elsewhere. */
export interface Prepared {
  readonly serial: number;
  readonly epoch: number;
  /** Each with its versions as `rows`, their instants in milliseconds. */
  readonly policies: readonly any[];
  /** As the manifest had them. */
  readonly schema_version: unknown;
  readonly documents: unknown;
}

/**
 * A manifest read once for many decisions. It does not follow later changes to `manifest`.
 *
 * Null for what is no manifest: another `schema_version`, or not the shape of its schema. To decide by the part that can
 * be read would be a guess, so the decision then is `unknown`, as if none was ever had.
 */
export function prepare(manifest: unknown): Prepared | null;

/** From the least on. */
export const SEVERITIES: string[];

/** A severity that is not known counts as `material`. */
export function known(severity: unknown): string;
