import { SealingError, type Sending, type SendingProgress, type Sent } from '../sealing/sealer.ts'
import { unchosenText } from './consent-part.ts'
import { emptyDraft, type FileDraft } from './draft.ts'
import type { FormEditing } from './edit-form.ts'
import { stateAfter } from './file-sync.ts'
import { messageOf } from './form-context.ts'
import { codeOf, type SealerKeeping } from './keep-sealer.ts'
import type { WordsLoading } from './load-words.ts'
import type { PageEnvironment } from './page-environment.ts'
import { problemOfFile, problemsOf, removeButtonOf, type Problem } from './problems.ts'
import type { ShownState } from './shown-state.ts'
import { formLanguageOf } from './speaking.ts'
import { failureText, type Actions, type AppState, type Deferred, type Screen } from './state.ts'
import type { FollowUp, WordsCard } from './two-way-state.ts'

type SendingActions = Pick<
  Actions,
  'send' | 'sendWithout' | 'pause' | 'resume' | 'askToCancel' | 'cancel'
>

/** The parts of the app that sending needs. */
interface SendingParts {
  shown: ShownState
  form: Pick<FormEditing, 'act' | 'learnOfFile'>
  sealer: SealerKeeping
  now: PageEnvironment['now']
  words: Pick<WordsLoading, 'doWhenLoaded'>
  /** What the receipt screen says about the words of a tip that has arrived. */
  cardFor: (sent: Sent) => WordsCard | null
}

/** The way of a tip from the pressed button to its receipt, or back to the form. */
export class TipSending implements SendingActions {
  readonly #parts: SendingParts
  #sending: Sending | null = null

  constructor(parts: SendingParts) {
    this.#parts = parts
  }

  send = (): void => {
    const { keyring, replies } = this.#state
    if (this.#problems().some((problem) => !this.#isAsked(problem))) return this.#showProblems()
    if (keyring.at === 'failed') return this.#focus('retry-keyring')
    if (replies.keys.state === 'replayed') return this.#focus('keyring')
    if (isConsentToBeAsked(this.#state)) return this.#askConsent()
    void this.#parts.words.doWhenLoaded((deferred) => {
      this.#show({
        screen: { at: 'sending', progress: null, isPaused: false, isAskingToCancel: false },
        notice: null,
        spoken: '',
        hasTried: false,
      })
      this.#focus('sending')
      this.#begin(deferred)
    })
  }

  sendWithout: Actions['sendWithout'] = (key) => {
    this.#parts.form.act({ type: 'remove', list: 'files', key })
    this.send()
  }

  pause = (): void => {
    this.#sending?.pause()
    this.#patchSending({ isPaused: true })
    this.#focus('resume')
  }

  resume = (): void => {
    this.#sending?.resume()
    this.#patchSending({ isPaused: false })
    this.#focus('pause')
  }

  askToCancel: Actions['askToCancel'] = (isAskingToCancel) => {
    this.#patchSending({ isAskingToCancel })
    this.#focus(isAskingToCancel ? 'cancel-no' : 'cancel')
  }

  cancel = (): void => this.#sending?.cancel()

  /** Nothing that is still being sent may change the page any more. */
  forget(): void {
    this.#sending = null
  }

  get #state(): AppState {
    return this.#parts.shown.current
  }

  #show(change: Partial<AppState>): void {
    this.#parts.shown.change(change)
  }

  #focus(id: string): void {
    this.#parts.shown.focus(id)
  }

  #problems(): Problem[] {
    return problemsOf(this.#state.draft, this.#state.followUp)
  }

  /** A picture that cannot be cleaned is asked about once: pressing Send again is an answer. */
  #isAsked({ code, field }: Problem): boolean {
    const { askedFiles } = this.#state
    return code === 'uncleaned' && askedFiles.some((key) => field === removeButtonOf(key))
  }

  #showProblems(): void {
    const { draft, texts } = this.#state
    const messages = this.#problems().map((problem) => messageOf(problem, texts.form))
    this.#show({
      hasTried: true,
      askedFiles: draft.files
        .filter((file) => problemOfFile(file) === 'uncleaned')
        .map(({ key }) => key),
      spoken: [texts.form.problems.heading, ...messages].join(' '),
    })
    this.#focus('problems')
  }

  /** One gentle question, once: pressing Send again is an answer too. */
  #askConsent(): void {
    this.#show({ isAskingConsent: true, spoken: unchosenText(this.#state) })
    this.#focus('consentChoice-with_names')
  }

  #begin(deferred: Deferred): void {
    const { draft, followUp, texts, askedFiles } = this.#state
    const { sealer } = this.#parts
    const { files } = sealer
    try {
      this.#sending = sealer.current.send(
        this.#tip(deferred),
        files.sealerIds(draft.files),
        (progress) => this.#showProgress(progress),
        {
          language: texts.language,
          words: wordsFor(followUp),
          mustBeClean: files.sealerIds(filesToAskAbout(draft.files, askedFiles)),
        },
      )
      this.#sending.done.then(
        (sent) => this.#arrived(sent),
        (error: unknown) => this.#failed(error),
      )
    } catch (error) {
      this.#failed(error)
    }
  }

  #tip({ code, spoken }: Deferred): ReturnType<Deferred['code']['tipFromDraft']> {
    const { draft, followUp, texts } = this.#state
    return code.tipFromDraft(draft, texts.language, this.#parts.now(), {
      consentLanguage: formLanguageOf(texts),
      followUp,
      blankNarrative: spoken.answers.followUp.onlyAnswers,
    })
  }

  #showProgress(progress: SendingProgress): void {
    const { screen, deferred } = this.#state
    if (screen.at !== 'sending' || typeof deferred === 'string') return
    const { code, texts, spoken } = deferred
    const announced = code.announcement(screen.progress, progress, texts, spoken.delayReasons)
    this.#show({
      screen: { ...screen, progress },
      ...(announced === null ? {} : { spoken: announced }),
    })
  }

  #patchSending(change: Partial<Extract<Screen, { at: 'sending' }>>): void {
    const { screen } = this.#state
    if (screen.at === 'sending') this.#show({ screen: { ...screen, ...change } })
  }

  /**
   * The tip is not needed once there is a receipt, so it is removed from memory. The sealer stays:
   * it knows the thread of the words, and fetches what every visit fetches.
   */
  #arrived(sent: Sent): void {
    const { screen, deferred } = this.#state
    if (screen.at !== 'sending' || typeof deferred === 'string') return
    this.#sending = null
    this.#parts.sealer.files.match([])
    this.#show({
      draft: emptyDraft,
      screen: {
        at: 'receipt',
        receipt: sent.receipt,
        state: 'accepted',
        asking: null,
        isCopied: false,
      },
      words: this.#parts.cardFor(sent),
      hasThread: sent.words !== 'none',
      followUp: null,
      spoken: deferred.spoken.receipt.states.accepted,
    })
    this.#focus('main')
  }

  #failed(error: unknown): void {
    this.#sending = null
    if (this.#state.screen.at !== 'sending') return
    if (this.#markFile(error)) return
    const code = codeOf(error)
    this.#show({ screen: { at: 'form', failure: code }, spoken: failureText(this.#state, code) })
    this.#focus('failure')
    if (code === 'BROKEN' || code === 'NOT_LOADED') this.#parts.sealer.replace()
  }

  /** @returns whether the error is about one file, which is now marked on the page */
  #markFile(error: unknown): boolean {
    const fileId = error instanceof SealingError ? error.fileId : null
    const key = fileId === null ? null : this.#parts.sealer.files.keyOf(fileId)
    if (key === null) return false
    this.#show({ screen: { at: 'form', failure: null } })
    // The state of a picture that cannot be cleaned is known: it is ready.
    if (codeOf(error) !== 'FILE_NOT_CLEANED')
      this.#parts.form.learnOfFile(key, { state: stateAfter(error) })
    this.#showProblems()
    return true
  }
}

/** Send may be pressed before it is known whether a picture can be cleaned. */
const filesToAskAbout = (files: readonly FileDraft[], asked: readonly number[]): FileDraft[] =>
  files.filter(
    ({ key, kind, wish }) => kind === 'picture' && wish === 'remove' && !asked.includes(key),
  )

const isConsentToBeAsked = ({ followUp, draft, isAskingConsent }: AppState): boolean =>
  followUp === null && draft.consentChoice === '' && !isAskingConsent

function wordsFor(followUp: FollowUp | null): 'new' | 'renewed' | 'same' {
  if (followUp === null) return 'new'
  return followUp.isRenewing ? 'renewed' : 'same'
}
