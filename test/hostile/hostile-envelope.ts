/** An envelope with one defect, and what must be said of it. */
export interface HostileEnvelope {
  /** The defect. Unique. */
  name: string
  bytes: Uint8Array
  /**
   * Code of the refusal that puts it aside; or of the oddity with which it is kept in `tips/`; or
   * `nothing`: it is as good as any other, and a program that trips over it is at fault.
   */
  expected: { refused: string } | { kept: string } | 'nothing'
}

export const refused = (code: string) => ({ refused: code })
export const kept = (code: string) => ({ kept: code })
