/** How many envelopes there are, and how large they are together. */
export interface Tally {
  readonly envelopes: number
  readonly bytes: number
  /** Number of envelopes for each day, `YYYY-MM-DD`. */
  readonly byDay: ReadonlyMap<string, number>
}

/** A tally that is being made. */
export class RunningTally implements Tally {
  envelopes = 0
  bytes = 0
  readonly byDay = new Map<string, number>()

  /** @param from a tally to continue; it is not changed. */
  constructor(from?: Tally) {
    if (from === undefined) return
    this.envelopes = from.envelopes
    this.bytes = from.bytes
    for (const [day, count] of from.byDay) this.byDay.set(day, count)
  }

  add({ day, bytes }: { day: string; bytes: number }, count: 1 | -1 = 1): void {
    this.envelopes += count
    this.bytes += count * bytes
    const ofDay = (this.byDay.get(day) ?? 0) + count
    if (ofDay === 0) this.byDay.delete(day)
    else this.byDay.set(day, ofDay)
  }
}
