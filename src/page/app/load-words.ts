import type { Language } from '../languages.ts'
import { joinTexts } from './form-texts.ts'
import type { PageEnvironment } from './page-environment.ts'
import type { ShownState } from './shown-state.ts'
import type { AppTexts, DeferredWords } from './speaking.ts'
import type { Actions, Deferred } from './state.ts'
import type { PageWordList } from './word-lists/word-list.ts'

interface LoadingEvents {
  /** Called before the code is used for the first time, and maybe again. */
  hasCode: (code: Deferred['code']) => void
  /** Called when the words are there as well, and the page shows it. */
  hasAll: () => void
}

/** Loads what the first paint does not need, and the words of another language. */
export class WordsLoading implements Pick<Actions, 'speak' | 'retryDeferred'> {
  readonly #shown: ShownState
  readonly #environment: PageEnvironment
  readonly #events: LoadingEvents
  /** Counts the requests for a language. Only the answer to the latest one is used. */
  #languageCalls = 0

  constructor(shown: ShownState, environment: PageEnvironment, events: LoadingEvents) {
    this.#shown = shown
    this.#environment = environment
    this.#events = events
  }

  speak: Actions['speak'] = (language, rest) => {
    const call = ++this.#languageCalls
    this.#speakWhenLoaded(language, rest, () => call === this.#languageCalls).catch(() => {
      if (call !== this.#languageCalls) return
      const { languageFailed } = this.#shown.current.texts.form
      this.#shown.change({ notice: 'language_failed', spoken: languageFailed })
    })
  }

  retryDeferred = (): void => void this.loadDeferred()

  /** Does what a button of the form asks for as soon as everything is loaded. */
  async doWhenLoaded(work: (deferred: Deferred) => void): Promise<void> {
    const deferred = await this.loadDeferred()
    const { screen, texts } = this.#shown.current
    // The button was pressed twice, or the person has left the form in the meantime.
    if (screen.at !== 'form') return
    if (deferred !== null) return work(deferred)
    this.#shown.change({ notice: 'later_failed', spoken: texts.form.more.failed })
  }

  /** @returns null when it could not be loaded; may be called again */
  async loadDeferred(): Promise<Deferred | null> {
    const { deferred: loaded, texts } = this.#shown.current
    if (typeof loaded !== 'string') return loaded
    try {
      const [code, words] = await Promise.all([
        this.#environment.loadDeferredCode(),
        this.#loadWords(texts),
      ])
      // Another language was chosen in the meantime, so the words of that one are needed.
      if (texts !== this.#shown.current.texts) return await this.loadDeferred()
      const deferred = deferredOf(code, texts, words)
      this.#events.hasCode(code)
      this.#shown.change({ deferred })
      this.#events.hasAll()
      return deferred
    } catch {
      this.#shown.change({ deferred: 'failed' })
      return null
    }
  }

  async #speakWhenLoaded(
    language: Language,
    rest: Language | undefined,
    isStillWanted: () => boolean,
  ): Promise<void> {
    const texts = await this.#environment.loadTexts(language, rest)
    const hasCode = typeof this.#shown.current.deferred !== 'string'
    const words = hasCode ? await this.#loadWords(texts) : null
    if (!isStillWanted()) return
    const { deferred } = this.#shown.current
    const isLate = typeof deferred === 'string' || words === null
    this.#shown.change({
      texts,
      notice: null,
      spoken: '',
      deferred: isLate ? 'loading' : deferredOf(deferred.code, texts, words),
    })
    this.#environment.showLanguage(texts)
    await Promise.all([this.#translateOrganisation(texts), isLate ? this.loadDeferred() : null])
  }

  /** Until the words of another language arrive, the earlier ones stay: they say the same. */
  async #translateOrganisation(texts: AppTexts): Promise<void> {
    if (this.#shown.current.organisation === null) return
    const organisation =
      (await this.#environment.loadOrganisation?.(texts.language).catch(() => null)) ?? null
    const isCurrent = texts === this.#shown.current.texts
    if (organisation !== null && isCurrent) this.#shown.change({ organisation })
  }

  #loadWords(texts: AppTexts): Promise<[DeferredWords, PageWordList]> {
    return Promise.all([
      this.#environment.loadDeferredTexts(texts),
      this.#environment.loadWordList(texts.language),
    ])
  }
}

const deferredOf = (
  code: Deferred['code'],
  texts: AppTexts,
  [spoken, list]: readonly [DeferredWords, PageWordList],
): Deferred => ({ code, texts: joinTexts(texts.form, spoken.later), spoken, list })
