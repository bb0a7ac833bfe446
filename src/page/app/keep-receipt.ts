import type { PageEnvironment } from './page-environment.ts'
import type { ShownState } from './shown-state.ts'
import type { Actions, Screen } from './state.ts'

type ReceiptScreen = Extract<Screen, { at: 'receipt' }>

/** What the person does with a receipt: copies it, and asks what has become of the tip. */
export class ReceiptKeeping implements Pick<Actions, 'askReceipt' | 'copyReceipt'> {
  readonly #shown: ShownState
  readonly #environment: Pick<PageEnvironment, 'askReceipt' | 'copy'>

  constructor(shown: ShownState, environment: Pick<PageEnvironment, 'askReceipt' | 'copy'>) {
    this.#shown = shown
    this.#environment = environment
  }

  askReceipt = (): void => {
    const { screen, deferred } = this.#shown.current
    if (screen.at !== 'receipt' || typeof deferred === 'string') return
    const { receipt, receipts } = deferred.spoken
    const words = deferred.texts.receipt
    this.#answer({ asking: 'asking' }, words.asking)
    this.#environment.askReceipt(screen.receipt).then(
      (state) =>
        state === null
          ? this.#answer({ asking: 'unknown' }, receipts.unknown)
          : this.#answer({ state, asking: null }, receipt.states[state]),
      () => this.#answer({ asking: 'unreachable' }, words.unreachable),
    )
  }

  copyReceipt = (): void => {
    const { screen, deferred } = this.#shown.current
    if (screen.at !== 'receipt' || typeof deferred === 'string') return
    const isCopied = this.#environment.copy(screen.receipt)
    this.#shown.change({
      screen: { ...screen, isCopied },
      ...(isCopied ? { spoken: deferred.spoken.words.copied } : {}),
    })
  }

  /** The answer to a question may arrive after the person has left the receipt. */
  #answer(change: Partial<ReceiptScreen>, spoken: string): void {
    const { screen } = this.#shown.current
    if (screen.at === 'receipt') this.#shown.change({ screen: { ...screen, ...change }, spoken })
  }
}
