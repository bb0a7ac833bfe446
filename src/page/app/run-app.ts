import type { Language } from '../languages.ts'
import { noReplies, type RepliesState } from '../sealing/replies.ts'
import { SealingError, type Sealer, type Sending, type Sent } from '../sealing/sealer.ts'
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
import type { PageWordList } from './word-lists/word-list.ts'

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
  replies: noReplies,
  words: null,
  hasThread: false,
  followUp: null,
})

const deferredOf = (
  code: Deferred['code'],
  texts: AppTexts,
  [spoken, list]: readonly [DeferredWords, PageWordList],
): Deferred => ({ code, texts: joinTexts(texts.form, spoken.later), spoken, list })

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
  #twoWay: InstanceType<Deferred['code']['TwoWay']> | null = null

  constructor(texts: AppTexts, isDemo: boolean, environment: PageEnvironment) {
    this.#state = initialState(texts, isDemo, {
      address: environment.address,
      organisation: environment.organisation ?? null,
    })
    this.#environment = environment
    this.#sealer = environment.startSealer()
    this.#sealer.watchReplies((replies) => this.#learnReplies(replies))
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
    if (this.#environment.startAt === 'answers') this.openAnswers()
  }

  get twoWay(): Actions['twoWay'] {
    return this.#twoWay
  }

  openAnswers = (): void => {
    void this.#loadDeferred().then((deferred) => {
      if (deferred === null)
        return this.#show({ notice: 'later_failed', spoken: this.#state.texts.form.more.failed })
      if (this.#state.screen.at !== 'form') return
      this.#show({ screen: deferred.code.emptyAnswers, notice: null })
      this.#environment.focus('main')
    })
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
    const problems = problemsOf(this.#state.draft, this.#state.followUp)
    if (problems.length > 0) return this.#showProblems(problems)
    if (this.#state.keyring.at === 'failed') return this.#environment.focus('retry-keyring')
    if (this.#state.replies.keys.state === 'replayed') return this.#environment.focus('keyring')
    if (
      this.#state.followUp === null &&
      this.#state.draft.consentChoice === '' &&
      !this.#state.isAskingConsent
    )
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

  copyReceipt = (): void => {
    const { screen, deferred } = this.#state
    if (screen.at !== 'receipt' || typeof deferred === 'string') return
    const isCopied = this.#environment.copy(screen.receipt)
    this.#show({
      screen: { ...screen, isCopied },
      ...(isCopied ? { spoken: deferred.spoken.words.copied } : {}),
    })
  }

  clear = (): void => {
    this.#forget()
    const { texts, isDemo, deferred } = this.#state
    this.#show({ ...initialState(texts, isDemo, this.#state), deferred, screen: { at: 'cleared' } })
    this.#environment.focus('main')
  }

  speak: Actions['speak'] = (language, rest) => {
    const call = ++this.#languageCalls
    this.#speakWhenLoaded(language, rest, () => call === this.#languageCalls).catch(() => {
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
    const isOverWithoutLoss =
      screen.at === 'cleared' ||
      ((screen.at === 'form' || screen.at === 'answers') && isEmpty(draft))
    this.#environment.guardLeaving(!isOverWithoutLoss)
    this.#environment.draw({ state: this.#state, actions: this })
  }

  async #speakWhenLoaded(
    language: Language,
    rest: Language | undefined,
    isStillWanted: () => boolean,
  ): Promise<void> {
    const texts = await this.#environment.loadTexts(language, rest)
    const part = typeof this.#state.deferred === 'string' ? null : await this.#loadWords(texts)
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
        this.#loadWords(texts),
      ])
      // Another language was chosen in the meantime, so the words of that one are needed.
      if (texts !== this.#state.texts) return await this.#loadDeferred()
      const deferred = deferredOf(code, texts, part)
      this.#twoWay ??= this.#startTwoWay(code)
      this.#show({ deferred })
      this.#fetchReplies()
      return deferred
    } catch {
      this.#show({ deferred: 'failed' })
      return null
    }
  }

  #loadWords(texts: AppTexts): Promise<[DeferredWords, PageWordList]> {
    return Promise.all([
      this.#environment.loadDeferredTexts(texts),
      this.#environment.loadWordList(texts.language),
    ])
  }

  #startTwoWay(code: Deferred['code']): InstanceType<Deferred['code']['TwoWay']> {
    return new code.TwoWay(
      {
        state: () => this.#state,
        show: (change) => this.#show(change),
        focus: (id) => this.#environment.focus(id),
        sealer: () => this.#sealer,
      },
      this.#environment.random,
    )
  }

  #learnReplies(replies: RepliesState): void {
    const { drops } = this.#state.replies
    this.#show({ replies })
    if (replies.drops.come > drops.come) this.#twoWay?.openAgain()
  }

  /** In every visit, whoever it is, once a tip could be sealed and nothing else is to be loaded. */
  #fetchReplies(): void {
    const { keyring, deferred } = this.#state
    if (keyring.at === 'ready' && typeof deferred !== 'string') this.#sealer.fetchReplies()
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
      (keyring) => {
        this.#show({ keyring: { at: 'ready', keyring } })
        this.#fetchReplies()
      },
      (error: unknown) => this.#show({ keyring: { at: 'failed', code: codeOf(error) } }),
    )
  }

  #begin({ code, spoken }: Deferred): void {
    const {
      draft,
      followUp,
      texts: { language },
    } = this.#state
    try {
      this.#sending = this.#sealer.send(
        code.tipFromDraft(draft, language, this.#environment.now(), {
          consentLanguage: formLanguageOf(this.#state.texts),
          followUp,
          blankNarrative: spoken.answers.followUp.onlyAnswers,
        }),
        this.#files.sealerIds(draft.files),
        (progress) => {
          const { screen, deferred } = this.#state
          if (screen.at !== 'sending' || typeof deferred === 'string') return
          const announced = code.announcement(
            screen.progress,
            progress,
            deferred.texts,
            deferred.spoken.delayReasons,
          )
          this.#show({
            screen: { ...screen, progress },
            ...(announced === null ? {} : { spoken: announced }),
          })
        },
        { language, words: followUp === null ? 'new' : followUp.isRenewing ? 'renewed' : 'same' },
      )
      this.#sending.done.then(
        (sent) => this.#arrived(sent),
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

  /**
   * The tip is not needed once there is a receipt, so it is removed from memory. The sealer stays:
   * it knows the thread of the words, and fetches what every visit fetches.
   */
  #arrived(sent: Sent): void {
    const { screen, deferred } = this.#state
    if (screen.at !== 'sending' || typeof deferred === 'string') return
    this.#sending = null
    this.#files.match([])
    const spoken = deferred.spoken.receipt.states.accepted
    this.#show({
      draft: emptyDraft,
      screen: {
        at: 'receipt',
        receipt: sent.receipt,
        state: 'accepted',
        asking: null,
        isCopied: false,
      },
      words: this.#twoWay?.cardFor(sent) ?? null,
      hasThread: sent.words !== 'none',
      followUp: null,
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
    this.#showProblems(problemsOf(this.#state.draft, this.#state.followUp))
    return true
  }

  #replaceSealer(): void {
    this.#sealer.close()
    this.#sealer = this.#environment.startSealer()
    this.#sealer.watchReplies((replies) => this.#learnReplies(replies))
    // The thread was known to the old sealer alone.
    this.#show({ hasThread: false, followUp: null, replies: noReplies })
    this.#files.replaceSealer(this.#sealer)
    this.#files.match(this.#state.draft.files)
    this.#loadKeyring()
  }

  #forget(): void {
    this.#sending = null
    this.#state = { ...this.#state, draft: emptyDraft, words: null, followUp: null }
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
