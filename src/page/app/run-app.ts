import { FormEditing } from './edit-form.ts'
import { initialState } from './initial-state.ts'
import { ReceiptKeeping } from './keep-receipt.ts'
import { SealerKeeping } from './keep-sealer.ts'
import { WordsLoading } from './load-words.ts'
import type { PageEnvironment } from './page-environment.ts'
import { TipSending } from './send-tip.ts'
import { ShownState } from './shown-state.ts'
import type { AppTexts } from './speaking.ts'
import type { Actions, Deferred } from './state.ts'

/** The running page: joins its parts, and draws the views. */
class App {
  readonly #environment: PageEnvironment
  readonly #shown: ShownState
  readonly #sealer: SealerKeeping
  readonly #form: FormEditing
  readonly #words: WordsLoading
  readonly #sending: TipSending
  #twoWay: InstanceType<Deferred['code']['TwoWay']> | null = null
  readonly #actions: Actions

  constructor(texts: AppTexts, isDemo: boolean, environment: PageEnvironment) {
    const { address, organisation = null, ways = null } = environment
    const initial = initialState(texts, { isDemo, address, organisation, ways })
    this.#environment = environment
    this.#shown = new ShownState(initial, environment, (state) =>
      environment.draw({ state, actions: this.#actions }),
    )
    this.#sealer = new SealerKeeping(this.#shown, environment, {
      changed: (key, change) => this.#form.learnOfFile(key, change),
      moreDrops: () => this.#twoWay?.openAgain(),
    })
    this.#form = new FormEditing(this.#shown, this.#sealer.files)
    this.#words = new WordsLoading(this.#shown, environment, {
      hasCode: (code) => (this.#twoWay ??= this.#startTwoWay(code)),
      hasAll: () => this.#sealer.fetchReplies(),
    })
    this.#sending = new TipSending({
      shown: this.#shown,
      form: this.#form,
      sealer: this.#sealer,
      now: environment.now,
      words: this.#words,
      cardFor: (sent) => this.#twoWay?.cardFor(sent) ?? null,
    })
    this.#actions = this.#joinActions()
  }

  start(): void {
    this.#shown.change({})
    this.#sealer.loadKeyring()
    this.#words.retryDeferred()
    if (this.#environment.startAt === 'answers') this.openAnswers()
  }

  openAnswers = (): void => {
    void this.#words.doWhenLoaded(({ code }) => {
      this.#shown.change({ screen: code.emptyAnswers, notice: null })
      this.#shown.focus('main')
    })
  }

  clear = (): void => {
    this.#forget()
    const now = this.#shown.current
    const screen = { at: 'cleared' } as const
    this.#shown.change({ ...initialState(now.texts, now), deferred: now.deferred, screen })
    this.#shown.focus('main')
  }

  leave = (): void => {
    this.#shown.leave()
    this.#forget()
  }

  /** Our own code threw an error: a calm message is shown once, and the form stays as it is. */
  break(): void {
    this.#shown.change({ notice: 'broken', spoken: this.#shown.current.texts.form.broken })
  }

  #joinActions(): Actions {
    const twoWay = (): Actions['twoWay'] => this.#twoWay
    return {
      ...this.#form,
      ...this.#sending,
      ...new ReceiptKeeping(this.#shown, this.#environment),
      speak: this.#words.speak,
      retryDeferred: this.#words.retryDeferred,
      retryKeyring: this.#sealer.retryKeyring,
      openAnswers: this.openAnswers,
      clear: this.clear,
      leave: this.leave,
      get twoWay() {
        return twoWay()
      },
    }
  }

  #startTwoWay(code: Deferred['code']): InstanceType<Deferred['code']['TwoWay']> {
    return new code.TwoWay(
      {
        state: () => this.#shown.current,
        show: (change) => this.#shown.change(change),
        focus: (id) => this.#shown.focus(id),
        sealer: () => this.#sealer.current,
      },
      this.#environment.random,
    )
  }

  /** Removes what the person wrote from memory. */
  #forget(): void {
    this.#sending.forget()
    this.#shown.forget()
    this.#sealer.current.close()
  }
}

/**
 * Starts the app.
 * @returns the handlers for events of the window
 */
export function runApp(
  texts: AppTexts,
  isDemo: boolean,
  environment: PageEnvironment,
): { leave: () => void; break(): void } {
  const app = new App(texts, isDemo, environment)
  app.start()
  return app
}
