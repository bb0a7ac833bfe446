import { ThreadError } from '../../thread/errors.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { Ask, OpenedAnswers, SentWords } from '../sealing/replies.ts'
import type { AppState } from './state.ts'
import { notTapped, tapOn, type Tapping } from './tapping.ts'
import {
  type AnswersScreen,
  cardOf,
  chooseChecked,
  type ConsentAnswer,
  emptyAnswers,
  emptyEntry,
  type Entry,
  type EntryProblem,
  type FollowUp,
  plainFollowUp,
  startChecking,
  type TwoWayActions,
  type WordsCard,
  wordsPerThread,
} from './two-way-state.ts'
import type { PageWordList } from './word-lists/word-list.ts'

/** What the running app provides for this part of it. */
export interface TwoWayApp {
  state: () => AppState
  show(change: Partial<AppState>): void
  focus(id: string): void
  sealer: () => Sealer
}

/** Words and answers: the part of the app that is loaded after the first paint. */
export class TwoWay implements TwoWayActions {
  readonly #app: TwoWayApp
  readonly #random: () => number

  constructor(app: TwoWayApp, random: () => number) {
    this.#app = app
    this.#random = random
  }

  /** The card of the receipt screen for a tip that has just arrived. */
  cardFor(sent: SentWords): WordsCard {
    const { words } = this.#app.state()
    // Words of the message before, which nobody has written down yet, stay on the page.
    if (sent.words === 'same' && words !== null && 'fresh' in words) return words
    return cardOf(sent, this.#list())
  }

  checkWords = (): void => {
    const { words } = this.#app.state()
    if (words?.at !== 'shown') return
    this.#setCard(startChecking(words.fresh, this.#random))
    this.#app.focus('tap-first')
  }

  showWords = (): void => {
    const { words } = this.#app.state()
    if (words !== null && 'fresh' in words) this.#setCard({ at: 'shown', fresh: words.fresh })
    this.#app.focus('words')
  }

  skipWords = (): void => this.#setCard({ at: 'skipped' }, 'words')

  tapChecked = (choice: string): void => {
    const { words } = this.#app.state()
    if (words?.at !== 'checking') return
    const tapped = tapOn(words.fresh.list, words.tapping, choice)
    const next =
      'word' in tapped
        ? chooseChecked(words, tapped.word)
        : { ...words, tapping: tapped.tapping, isWrong: false }
    this.#setCard(next, next.at === 'checking' ? 'tap-first' : 'words')
  }

  backInCheck = (): void => {
    const { words } = this.#app.state()
    if (words?.at === 'checking') this.#setCard({ ...words, tapping: notTapped }, 'tap-first')
  }

  writeMore = (): void => this.#writeFollowUp({})

  writeBack = (answer: string): void => {
    const { screen } = this.#app.state()
    const consent = screen.at === 'answers' ? (screen.consent[answer] ?? {}) : {}
    this.#writeFollowUp({ answers: answer, consent })
  }

  renew = (): void => this.#writeFollowUp({ isRenewing: true })

  close = (): void => this.#writeFollowUp({ isClosing: true })

  tap = (choice: string): void => {
    const list = this.#list()
    const { tapping, words } = this.#entry()
    if (list === null || words.length >= wordsPerThread) return
    const tapped = tapOn(list, tapping, choice)
    this.#setEntry(
      'word' in tapped
        ? { words: [...words, tapped.word], tapping: notTapped }
        : { tapping: tapped.tapping },
    )
    this.#app.focus(this.#entry().words.length < wordsPerThread ? 'tap-first' : 'look')
  }

  back = (): void => {
    this.#setEntry({ tapping: stepBack(this.#entry().tapping) })
    this.#app.focus('tap-first')
  }

  removeLast = (): void => {
    this.#setEntry({ words: this.#entry().words.slice(0, -1), tapping: notTapped })
    this.#app.focus('tap-first')
  }

  setTyping = (isTyping: boolean): void => this.#setEntry({ isTyping })

  typeWords = (typed: string): void => this.#setEntry({ typed })

  look = (): void => {
    const list = this.#list()
    const { words, typed, isTyping } = this.#entry()
    if (list === null) return
    try {
      const secret = list.read(isTyping ? typed : words)
      this.#patch({ isLooking: true })
      this.#app.show({ hasThread: true })
      this.#open(secret)
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error
      this.#setEntry({ problem: problemOf(error, isTyping ? countOf(typed) : words.length) })
      this.#app.focus('entry-problem')
    }
  }

  enterOtherWords = (): void => {
    this.#patch({ ...emptyAnswers, entry: { ...this.#entry(), tapping: notTapped } })
    this.#app.focus('enter-words')
  }

  fetchAgain = (): void => this.#app.sealer().fetchReplies()

  takeFiles = (files: readonly File[]): void => {
    // `newest.tar` comes first: it holds the indexes, by which the drops of the others count.
    void this.#takeInOrder(files.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  }

  choose = (answer: string, ask: Ask, value: ConsentAnswer): void => {
    const { screen } = this.#app.state()
    if (screen.at !== 'answers') return
    const chosen = { ...screen.consent[answer], [ask]: value }
    this.#patch({ consent: { ...screen.consent, [answer]: chosen } })
  }

  /** More drops have arrived: shows what they hold for the open thread, without a request. */
  openAgain(): void {
    const { screen } = this.#app.state()
    if (screen.at === 'answers' && screen.opened !== null) this.#open(null)
  }

  async #takeInOrder(files: readonly File[]): Promise<void> {
    // A file that cannot be read leaves the page as it is: the person sees that nothing has come.
    for (const file of files)
      await this.#app
        .sealer()
        .takeReplies?.(file)
        .catch(() => undefined)
  }

  #open(secret: Uint8Array | null): void {
    this.#app
      .sealer()
      .openAnswers(secret)
      .then(
        (opened) => {
          const isFirst = this.#screen()?.opened === null
          this.#patch({ opened, isLooking: false })
          // Right words are not needed any more. Others are kept, so that they can be corrected.
          if (isFound(opened)) this.#setEntry(emptyEntry)
          if (isFirst) this.#app.focus('opened')
        },
        () => this.#patch({ isLooking: false }),
      )
  }

  #writeFollowUp(change: Partial<FollowUp>): void {
    const { hasThread } = this.#app.state()
    this.#app.show({
      screen: { at: 'form', failure: null },
      followUp: hasThread ? { ...plainFollowUp, ...change } : null,
      spoken: '',
    })
    this.#app.focus(hasThread ? 'follow-up' : 'narrative')
  }

  #list(): PageWordList | null {
    const { deferred } = this.#app.state()
    return typeof deferred === 'string' ? null : deferred.list
  }

  #screen(): AnswersScreen | null {
    const { screen } = this.#app.state()
    return screen.at === 'answers' ? screen : null
  }

  #entry(): Entry {
    return this.#screen()?.entry ?? emptyEntry
  }

  #setEntry(change: Partial<Entry>): void {
    this.#patch({ entry: { ...this.#entry(), problem: null, ...change } })
  }

  #patch(change: Partial<AnswersScreen>): void {
    const screen = this.#screen()
    if (screen !== null) this.#app.show({ screen: { ...screen, ...change } })
  }

  #setCard(words: WordsCard, focusId?: string): void {
    this.#app.show({ words })
    if (focusId !== undefined) this.#app.focus(focusId)
  }
}

const isFound = ({ answers, openedOn, isSomeUnreadable }: OpenedAnswers): boolean =>
  answers.length > 0 || openedOn !== null || isSomeUnreadable

/** The number of words in a text: a Chinese word is one character. */
const countOf = (typed: string): number =>
  typed.match(/\p{sc=Hani}|[^\s\p{sc=Hani}]+/gu)?.length ?? 0

const stepBack = ({ letter, start }: Tapping): Tapping =>
  start === null ? notTapped : { letter, start: null }

function problemOf({ code, position }: ThreadError, count: number): EntryProblem {
  if (code === 'WORDS_COUNT') return { code: 'count', n: count }
  if (code === 'WORDS_CHECKSUM') return { code: 'checksum', n: 0 }
  return position === undefined
    ? { code: 'unknownSomewhere', n: 0 }
    : { code: 'unknown', n: position }
}
