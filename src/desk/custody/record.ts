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
    | 'replies_changed'
    | 'drop_written'
    | 'attachment_converted'
    | 'verified'
    | 'log_repaired'
  /** A receipt, a path relative to the casebook, or the name of the written file. */
  item: string
  /** Digest of the item's bytes; null when it has none. */
  sha256: string | null
  /** Reason or method: a problem code, a recipient, a field. Never the content of a tip. */
  reason: string | null
}

/** The person or program that acts on a casebook, with its clock and tool. */
export interface Actor {
  /** The casebook's folder. */
  casebook: string
  /** The name given with `--by`, otherwise `analyst`. */
  role: string
  /** Program and version, such as `tumen 0.1.0`. */
  tool: string
  now: () => Date
}
