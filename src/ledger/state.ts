import { midnightOf } from '../time/day.ts'
import type { Clock } from '../time/clock.ts'
import { Chain } from './chain.ts'
import { type Checkpoint, hashCheckpoint } from './checkpoint.ts'
import { Days } from './days.ts'
import type { LedgerLine } from './format.ts'
import type { LedgerFiles } from './layout.ts'
import {
  type DeadEvent,
  isDeadEvent,
  type Kind,
  type LastEvent,
  ReceiptIndex,
} from './receipt-index.ts'
import { hashIndex, removeOldIndex, writeSegment } from './roll.ts'

/** The last events of each receipt in the lines that are newer than the index. */
export class NewEvents {
  readonly #life = new Map<string, LastEvent>()
  readonly #dead = new Map<string, LastEvent & { event: DeadEvent }>()

  note({ event, receipt, bytes, day }: Pick<LedgerLine, 'event' | 'receipt' | 'bytes' | 'day'>) {
    if (isDeadEvent(event)) this.#dead.set(receipt, { event, bytes, day })
    else this.#life.set(receipt, { event, bytes, day })
  }

  find(kind: Kind, receipt: string): LastEvent | null {
    return (kind === 'life' ? this.#life : this.#dead).get(receipt) ?? null
  }

  *entries(): Generator<readonly [Kind, string, LastEvent]> {
    for (const [receipt, last] of this.#life) yield ['life', receipt, last]
    for (const [receipt, last] of this.#dead) yield ['dead', receipt, last]
  }
}

/**
 * Everything the writer knows about a ledger: the content of the last checkpoint, and the lines
 * since then.
 */
export class LedgerState {
  readonly files: LedgerFiles
  readonly #clock: Clock
  checkpoint: Checkpoint | null
  chain: Chain
  days: Days
  #index: ReceiptIndex
  #fresh = new NewEvents()

  constructor(
    files: LedgerFiles,
    clock: Clock,
    checkpoint: Checkpoint | null,
    index: ReceiptIndex,
  ) {
    this.files = files
    this.#clock = clock
    this.checkpoint = checkpoint
    this.#index = index
    this.chain = new Chain(checkpoint ?? undefined)
    this.days = new Days(checkpoint?.history)
  }

  /** Number of lines since the last checkpoint. */
  get freshLines(): number {
    return this.chain.lines - (this.checkpoint?.lines ?? 0)
  }

  note(line: LedgerLine): void {
    this.#fresh.note(line)
    this.days.add(line)
  }

  find(kind: Kind, receipt: string): LastEvent | null {
    return this.#fresh.find(kind, receipt) ?? this.#index.find(kind, receipt)
  }

  today(): Date {
    return midnightOf(this.#clock.now())
  }

  /**
   * Makes a segment of the lines since the last checkpoint.
   * @param lines as in `NewSegment`.
   */
  async closeSegment(lines: Buffer | null): Promise<void> {
    const index = this.#index.merge(this.#fresh.entries())
    const checkpoint: Checkpoint = {
      segment: (this.checkpoint?.segment ?? 0) + 1,
      lines: this.chain.lines,
      head: this.chain.head,
      previous: hashCheckpoint(this.checkpoint),
      index: hashIndex(index),
      history: new Days(this.days),
    }
    await writeSegment({ files: this.files, checkpoint, index, day: this.today(), lines })
    this.checkpoint = checkpoint
    this.#index = index
    this.#fresh = new NewEvents()
    await removeOldIndex(this.files, checkpoint.segment - 1, this.today()).catch(() => {})
  }
}
