/** An envelope with one defect, and the result expected for it. */
export interface HostileEnvelope {
  /** Describes the defect; unique. */
  name: string
  bytes: Uint8Array
  /**
   * The error code with which it is refused, or the problem code with which it is kept in `tips/`.
   * `nothing` means that it is a valid envelope, and that a program that fails on it is at fault.
   */
  expected: { refused: string } | { kept: string } | 'nothing'
}

export const refused = (code: string) => ({ refused: code })
export const kept = (code: string) => ({ kept: code })
