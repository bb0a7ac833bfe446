/** One line of `custody.jsonl`, before it is numbered and chained. */
export interface CustodyEntry {
  action:
    | 'casebook_made'
    | 'envelope_taken_in'
    | 'envelope_opened'
    | 'envelope_put_aside'
    | 'case_written'
    | 'case_changed'
    | 'report_written'
    | 'export_written'
    | 'acknowledged'
    | 'attachment_converted'
    | 'verified'
    | 'log_repaired'
  /** A receipt, or a path below the casebook, or the name of what was written. */
  item: string
  /** Of the item's bytes, when it has any. */
  sha256: string | null
  /** Why, or how: a problem code, a recipient, a field. Never what a tip says. */
  reason: string | null
}

/** Who does something to a casebook, when, with what. */
export interface Actor {
  /** The casebook's folder. */
  casebook: string
  /** `analyst` unless they named themselves (`--by`). */
  role: string
  /** Program and version, `tumen 0.1.0`. */
  tool: string
  now: () => Date
}
