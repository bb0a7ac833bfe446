import type { Language } from '../languages.ts'
import { SealingError, type Sealer, type Sending } from '../sealing/sealer.ts'
import { maxListItems } from './draft-bounds.ts'
import { emptyDraft, isEmpty, isWorthUndoing, type FileDraft } from './draft.ts'
import { FileSync, stateAfter } from './file-sync.ts'
import { joinTexts } from './form-texts.ts'
import { messageOf, refusalMessage, tooManyFiles } from './form-context.ts'
import { problemsOf } from './problems.ts'
import { reduceDraft, type DraftAction } from './reduce-draft.ts'
import { formLanguageOf, type AppTexts, type DeferredWords } from './speaking.ts'
import { failureText, type Actions, type AppState, type Deferred, type Screen } from './state.ts'
import type { PageEnvironment } from './page-environment.ts'

const initialState = (
  texts: AppTexts,
  isDemo: boolean,
  kept: Pick<AppState, 'address' | 'organisation'>,
): AppState => ({
  texts,
  isDemo,
  address: kept.address,
  organisation: kept.organisation,
  draft: emptyDraft,
  keyring: { at: 'loading' },
  screen: { at: 'form', failure: null },
  notice: null,
  hasTried: false,
  isMoreOpen: false,
  isAskingConsent: false,
  deferred: 'loading',
  spoken: '',
})

const deferredOf = (code: Deferred['code'], texts: AppTexts, spoken: DeferredWords): Deferred => ({
  code,
  texts: joinTexts(texts.form, spoken.later),
  spoken,
})

const codeOf = (error: unknown): SealingError['code'] =>
  error instanceof SealingError ? error.code : 'BROKEN'

/** The running page: holds the state, calls the sealer and draws the views. */
class App implements Actions {
  #state: AppState
  readonly #environment: PageEnvironment
  #sealer: Sealer
  readonly #files: FileSync
  #sending: Sending | null = null
  /** The person has left the page: results that still arrive must neither draw nor ask anything. */
  #isGone = false
  /** Counts the requests for a language. Only the answer to the latest one is used. */
  #languageCalls = 0

  constructor(texts: AppTexts, isDemo: boolean, environment: PageEnvironment) {
    this.#state = initialState(texts, isDemo, {
      address: environment.address,
      organisation: environment.organisation ?? null,
    })
    this.#environment = environment
    this.#sealer = environment.startSealer()
    this.#files = new FileSync(this.#sealer, {
      changed: (key, change) => this.act({ type: 'patch', list: 'files', key, change }),
      notLoaded: () => this.#show({ notice: 'later_failed' }),
      kindOf: environment.kindOf,
    })
  }

  start(): void {
    this.#show({})
    this.#loadKeyring()
    void this.#loadDeferred()
  }

  /** Our own code threw an error: a calm message is shown once, and the form stays as it is. */
  break(): void {
    this.#show({ notice: 'broken', spoken: this.#state.texts.form.broken })
  }

  act = (action: DraftAction): void => {
    const {
      draft: before,
      texts: { form },
    } = this.#state
    const draft = reduceDraft(before, action)
    const refusal = refusalMessage(draft, form)
    this.#show({
      draft,
      notice: null,
      ...(draft.refusal && draft.refusal !== before.refusal ? { spoken: refusal } : {}),
    })
    if (draft.files !== before.files) this.#files.match(draft.files)
  }

  addBlank: Actions['addBlank'] = (list) => {
    const { nextKey } = this.#state.draft
    this.act({ type: 'add_blank', list })
    this.#environment.focus(
      list === 'persons' ? `persons-${nextKey}-name` : `transfers-${nextKey}-when-choice`,
    )
  }

  remove: Actions['remove'] = (list, key) => {
    this.act({ type: 'remove', list, key })
    const { removed } = this.#state.draft
    const isUndoable = removed !== null && isWorthUndoing(removed)
    // The pressed button no longer exists: the focus must not fall back to the top of the page.
    if (list !== 'steps')
      this.#environment.focus(
        isUndoable
          ? 'undo'
          : list === 'persons'
            ? 'add-person'
            : list === 'files'
              ? 'files'
              : 'add-transfer',
      )
  }

  undo = (): void => {
    const { removed } = this.#state.draft
    this.act({ type: 'undo' })
    if (removed !== null)
      this.#environment.focus(
        `${removed.list}-${removed.item.key}-${removed.list === 'persons' ? 'name' : removed.list === 'steps' ? 'result' : 'remove'}`,
      )
  }

  addFiles: Actions['addFiles'] = (files) => {
    const all = [...files]
    const freePlaces = maxListItems.files - this.#state.draft.files.length
    for (const file of all.slice(0, freePlaces)) {
      this.act({
        type: 'add',
        list: 'files',
        item: { file, wish: 'remove', kind: null, state: { at: 'preparing' } },
      })
    }
    if (all.length > freePlaces)
      this.#show({ notice: 'too_many_files', spoken: tooManyFiles(this.#state.texts.form) })
  }

  setWish: Actions['setWish'] = (key: number, wish: FileDraft['wish']) => {
    this.act({ type: 'patch', list: 'files', key, change: { wish, state: { at: 'preparing' } } })
  }

  openMore: Actions['openMore'] = (isMoreOpen) => {
    if (isMoreOpen !== this.#state.isMoreOpen) this.#show({ isMoreOpen })
  }

  sendWithout: Actions['sendWithout'] = (key) => {
    this.act({ type: 'remove', list: 'files', key })
    this.send()
  }

  retryKeyring = (): void => this.#loadKeyring()

  retryDeferred = (): void => void this.#loadDeferred()

  send = (): void => {
    const problems = problemsOf(this.#state.draft)
    if (problems.length > 0) return this.#showProblems(problems)
    if (this.#state.keyring.at === 'failed') return this.#environment.focus('retry-keyring')
    if (this.#state.draft.consentChoice === '' && !this.#state.isAskingConsent)
      return this.#askConsent()
    void this.#loadDeferred().then((deferred) => {
      // Send was pressed twice, or the person has left the form in the meantime.
      if (this.#state.screen.at !== 'form') return
      if (deferred === null)
        return this.#show({ notice: 'later_failed', spoken: this.#state.texts.form.more.failed })
      this.#show({
        screen: { at: 'sending', progress: null, isPaused: false, isAskingToCancel: false },
        notice: null,
        spoken: '',
        hasTried: false,
      })
      this.#environment.focus('sending')
      this.#begin(deferred)
    })
  }

  /** One gentle question, once: pressing Send again is an answer too. */
  #askConsent(): void {
    this.#show({ isAskingConsent: true, spoken: this.#state.texts.form.consent.unchosen })
    this.#environment.focus('consentChoice-with_names')
  }

  pause = (): void => {
    this.#sending?.pause()
    this.#patchSending({ isPaused: true })
    this.#environment.focus('resume')
  }

  resume = (): void => {
    this.#sending?.resume()
    this.#patchSending({ isPaused: false })
    this.#environment.focus('pause')
  }

  askToCancel: Actions['askToCancel'] = (isAskingToCancel) => {
    this.#patchSending({ isAskingToCancel })
    this.#environment.focus(isAskingToCancel ? 'cancel-no' : 'cancel')
  }

  cancel = (): void => this.#sending?.cancel()

  askReceipt = (): void => {
    const { screen } = this.#state
    if (screen.at !== 'receipt') return
    const answered = (
      change: Partial<Extract<Screen, { at: 'receipt' }>>,
      spoken: string,
    ): void => {
      if (this.#state.screen.at === 'receipt')
        this.#show({ screen: { ...this.#state.screen, asking: null, ...change }, spoken })
    }
    const { deferred } = this.#state
    if (typeof deferred === 'string') return
    const { receipt, receipts } = deferred.spoken
    const words = deferred.texts.receipt
    answered({ asking: 'asking' }, words.asking)
    this.#environment.askReceipt(screen.receipt).then(
      (state) =>
        state === null
          ? answered({ asking: 'unknown' }, receipts.unknown)
          : answered({ state }, receipt.states[state]),
      () => answered({ asking: 'unreachable' }, words.unreachable),
    )
  }

  clear = (): void => {
    this.#forget()
    const { texts, isDemo, deferred } = this.#state
    this.#show({ ...initialState(texts, isDemo, this.#state), deferred, screen: { at: 'cleared' } })
    this.#environment.focus('main')
  }

  speak: Actions['speak'] = (language) => {
    const call = ++this.#languageCalls
    this.#speakWhenLoaded(language, () => call === this.#languageCalls).catch(() => {
      if (call === this.#languageCalls)
        this.#show({ notice: 'language_failed', spoken: this.#state.texts.form.languageFailed })
    })
  }

  goTo = (field: string): void => this.#environment.focus(field)

  leave = (): void => {
    this.#isGone = true
    this.#environment.guardLeaving(false)
    this.#environment.leave()
    this.#forget()
  }

  #show(change: Partial<AppState>): void {
    if (this.#isGone) return
    this.#state = { ...this.#state, ...change }
    const { screen, draft } = this.#state
    const isOverWithoutLoss = screen.at === 'cleared' || (screen.at === 'form' && isEmpty(draft))
    this.#environment.guardLeaving(!isOverWithoutLoss)
    this.#environment.draw({ state: this.#state, actions: this })
  }

  async #speakWhenLoaded(language: Language, isStillWanted: () => boolean): Promise<void> {
    const texts = await this.#environment.loadTexts(language)
    const part =
      typeof this.#state.deferred === 'string'
        ? null
        : await this.#environment.loadDeferredTexts(texts)
    if (!isStillWanted()) return
    const { deferred } = this.#state
    const isLate = typeof deferred === 'string' || part === null
    this.#show({
      texts,
      notice: null,
      spoken: '',
      deferred: isLate ? 'loading' : deferredOf(deferred.code, texts, part),
    })
    this.#environment.showLanguage(texts)
    await Promise.all([this.#translateOrganisation(texts), isLate ? this.#loadDeferred() : null])
  }

  /** Until the words of another language arrive, the earlier ones stay: they say the same. */
  async #translateOrganisation(texts: AppTexts): Promise<void> {
    if (this.#state.organisation === null) return
    const organisation =
      (await this.#environment.loadOrganisation?.(texts.language).catch(() => null)) ?? null
    if (organisation !== null && texts === this.#state.texts) this.#show({ organisation })
  }

  /** @returns null when it could not be loaded; may be called again */
  async #loadDeferred(): Promise<Deferred | null> {
    if (typeof this.#state.deferred !== 'string') return this.#state.deferred
    const { texts } = this.#state
    try {
      const [code, part] = await Promise.all([
        this.#environment.loadDeferredCode(),
        this.#environment.loadDeferredTexts(texts),
      ])
      // Another language was chosen in the meantime, so the words of that one are needed.
      if (texts !== this.#state.texts) return await this.#loadDeferred()
      const deferred = deferredOf(code, texts, part)
      this.#show({ deferred })
      return deferred
    } catch {
      this.#show({ deferred: 'failed' })
      return null
    }
  }

  #showProblems(problems: ReturnType<typeof problemsOf>): void {
    const { form } = this.#state.texts
    this.#show({
      hasTried: true,
      spoken: [form.problems.heading, ...problems.map((problem) => messageOf(problem, form))].join(
        ' ',
      ),
    })
    this.#environment.focus('problems')
  }

  #loadKeyring(): void {
    this.#show({ keyring: { at: 'loading' } })
    this.#sealer.loadKeyring().then(
      (keyring) => this.#show({ keyring: { at: 'ready', keyring } }),
      (error: unknown) => this.#show({ keyring: { at: 'failed', code: codeOf(error) } }),
    )
  }

  #begin({ code }: Deferred): void {
    const {
      draft,
      texts: { language },
    } = this.#state
    try {
      this.#sending = this.#sealer.send(
        code.tipFromDraft(
          draft,
          language,
          this.#environment.now(),
          formLanguageOf(this.#state.texts),
        ),
        this.#files.sealerIds(draft.files),
        (progress) => {
          const { screen, deferred } = this.#state
          if (screen.at !== 'sending' || typeof deferred === 'string') return
          const spoken = code.announcement(
            screen.progress,
            progress,
            deferred.texts,
            deferred.spoken.delayReasons,
          )
          this.#show({ screen: { ...screen, progress }, ...(spoken === null ? {} : { spoken }) })
        },
      )
      this.#sending.done.then(
        ({ receipt }) => this.#arrived(receipt),
        (error: unknown) => this.#failed(error),
      )
    } catch (error) {
      this.#failed(error)
    }
  }

  #patchSending(change: Partial<Extract<Screen, { at: 'sending' }>>): void {
    if (this.#state.screen.at === 'sending')
      this.#show({ screen: { ...this.#state.screen, ...change } })
  }

  /** The tip is not needed once there is a receipt, so it is removed from memory. */
  #arrived(receipt: string): void {
    const { screen, deferred } = this.#state
    if (screen.at !== 'sending' || typeof deferred === 'string') return
    this.#forget()
    const spoken = deferred.spoken.receipt.states.accepted
    this.#show({
      draft: emptyDraft,
      screen: { at: 'receipt', receipt, state: 'accepted', asking: null },
      spoken,
    })
    this.#environment.focus('main')
  }

  #failed(error: unknown): void {
    this.#sending = null
    if (this.#state.screen.at !== 'sending') return
    const code = codeOf(error)
    if (this.#markFile(error)) return
    this.#show({ screen: { at: 'form', failure: code }, spoken: failureText(this.#state, code) })
    this.#environment.focus('failure')
    if (code === 'BROKEN' || code === 'NOT_LOADED') this.#replaceSealer()
  }

  /** @returns whether the error is about one file, which is now marked on the page */
  #markFile(error: unknown): boolean {
    const fileId = error instanceof SealingError ? error.fileId : null
    const key = fileId === null ? null : this.#files.keyOf(fileId)
    if (key === null) return false
    this.#show({ screen: { at: 'form', failure: null } })
    this.act({ type: 'patch', list: 'files', key, change: { state: stateAfter(error) } })
    this.#showProblems(problemsOf(this.#state.draft))
    return true
  }

  #replaceSealer(): void {
    this.#sealer.close()
    this.#sealer = this.#environment.startSealer()
    this.#files.replaceSealer(this.#sealer)
    this.#files.match(this.#state.draft.files)
    this.#loadKeyring()
  }

  #forget(): void {
    this.#sending = null
    this.#state = { ...this.#state, draft: emptyDraft }
    this.#sealer.close()
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
