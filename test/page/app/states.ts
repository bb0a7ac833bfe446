import * as code from '../../../src/page/app/deferred.ts'
import { emptyDraft, newItem, newStep, type Draft } from '../../../src/page/app/draft.ts'
import { joinTexts } from '../../../src/page/app/form-texts.ts'
import { noReplies, type RepliesState } from '../../../src/page/sealing/replies.ts'
import {
  emptyAnswers,
  type AnswersScreen,
  type WordsCard,
} from '../../../src/page/app/two-way-state.ts'
import { loadWordList } from '../../../src/page/app/word-lists/load.ts'
import { loadDeferredTexts, loadTexts } from '../../../src/page/app/speaking.ts'
import { notTapped } from '../../../src/page/app/tapping.ts'
import type { Actions, AppState } from '../../../src/page/app/state.ts'
import { noDate } from '../../../src/page/app/vague-date.ts'
import type { Language } from '../../../src/page/languages.ts'
import type { SendingProgress } from '../../../src/page/sealing/sealer.ts'
import { stepsTaken } from '../../../src/tip/codes.ts'
import { keyring } from './fake-sealer.ts'

/** Every state that the page can be in. */

const nothing = (): void => undefined
export const noActions: Actions = {
  act: nothing,
  remove: nothing,
  undo: nothing,
  addBlank: nothing,
  addFiles: nothing,
  setWish: nothing,
  openMore: nothing,
  sendWithout: () => undefined,
  retryKeyring: nothing,
  retryDeferred: nothing,
  send: nothing,
  pause: nothing,
  resume: nothing,
  askToCancel: nothing,
  cancel: nothing,
  askReceipt: nothing,
  copyReceipt: nothing,
  openAnswers: nothing,
  twoWay: {
    checkWords: nothing,
    showWords: nothing,
    skipWords: nothing,
    tapChecked: nothing,
    backInCheck: nothing,
    writeMore: nothing,
    tap: nothing,
    back: nothing,
    removeLast: nothing,
    setTyping: nothing,
    typeWords: nothing,
    look: nothing,
    enterOtherWords: nothing,
    fetchAgain: nothing,
    takeFiles: nothing,
    choose: nothing,
    writeBack: nothing,
    renew: nothing,
    close: nothing,
  },
  clear: nothing,
  speak: nothing,
  goTo: nothing,
  leave: nothing,
}

const between = {
  ...noDate,
  choice: 'between' as const,
  start: { year: '2017', month: '13', day: '' },
}
const fileNamed = (name: string) => new File(['x'], name)

export const fullDraft: Draft = {
  ...emptyDraft,
  narrative: '<script>alert(1)</script>',
  whenDate: between,
  guides: 'x',
  contactWay: 'other',
  nextKey: 50,
  persons: [
    {
      ...newItem.persons(1),
      name: '<b>리영희',
      age: 'x',
      otherNames: [{ key: 2, text: '李', kind: 'alias' }],
      birth: between,
    },
    newItem.persons(3),
  ],
  transfers: [{ ...newItem.transfers(4), when: between }],
  steps: stepsTaken.map((action, index) => ({ ...newStep(action), key: 5 + index })),
  files: [
    {
      key: 20,
      file: fileNamed('<img src=x>.jpg'),
      wish: 'remove',
      kind: 'picture',
      state: { at: 'ready', bytes: 2_500_000, metadata: 'removed' },
    },
    {
      key: 21,
      file: fileNamed('a.jpg'),
      wish: 'keep',
      kind: 'picture',
      state: { at: 'ready', bytes: 1, metadata: 'kept' },
    },
    {
      key: 22,
      file: fileNamed('b.png'),
      wish: 'remove',
      kind: 'picture',
      state: { at: 'ready', bytes: 1, metadata: 'none_found' },
    },
    {
      key: 23,
      file: fileNamed('c.mp4'),
      wish: 'remove',
      kind: 'video',
      state: { at: 'ready', bytes: 1, metadata: 'cannot_be_removed' },
    },
    { key: 24, file: fileNamed('d'), wish: 'remove', kind: null, state: { at: 'preparing' } },
    {
      key: 25,
      file: fileNamed('e.pdf'),
      wish: 'remove',
      kind: 'document',
      state: { at: 'unreadable' },
    },
  ],
}

/** What a desk in the wrong hands might write. */
export const hostileText =
  '<script>alert(1)</script> <a href="http://x.onion">here</a> +8613800000000'

const progress: SendingProgress = {
  phase: 'sending',
  doneBytes: 1_200_000,
  totalBytes: 3_500_000,
  bytesPerSecond: 140_000,
  secondsLeft: 200,
  interruptions: 2,
  problem: null,
}

export async function statesIn(language: Language): Promise<Record<string, AppState>> {
  const texts = await loadTexts(language)
  const spoken = await loadDeferredTexts(texts)
  const list = await loadWordList(language)
  const deferred = { code, texts: joinTexts(texts.form, spoken.later), spoken, list }
  const form: AppState = {
    texts,
    deferred,
    draft: emptyDraft,
    keyring: { at: 'ready', keyring },
    screen: { at: 'form', failure: null },
    notice: null,
    hasTried: false,
    isMoreOpen: false,
    address: 'onion',
    isDemo: false,
    organisation: null,
    isAskingConsent: false,
    askedFiles: [],
    spoken: '',
    replies: noReplies,
    words: null,
    hasThread: false,
    followUp: null,
  }
  const replies: RepliesState = {
    ...noReplies,
    isJudged: true,
    keys: { state: 'confirmed', day: '2026-11-20' },
    lastDay: '2026-11-20',
    canAnswer: true,
    drops: { come: 3, total: 14, isNewestCome: false },
    fetching: 'running',
    days: 20,
  }
  const firstLetter = list.keysOf(list.table.words[0] ?? '', 0)[0]?.letter ?? ''
  const fresh = { list, words: list.table.words.slice(0, 12), isRenewed: true }
  const withWords = (words: WordsCard): AppState => ({ ...receipt(null), words })
  const answers = (change: Partial<AnswersScreen>, state: Partial<AppState> = {}): AppState => ({
    ...form,
    replies,
    screen: { ...emptyAnswers, ...change },
    ...state,
  })
  const answer = {
    id: '0123456789abcdef'.repeat(2),
    day: '2026-11-20',
    text: hostileText,
    isWhole: false,
    asks: ['un', 'media'] as const,
  }
  const opened = { answers: [answer], openedOn: '2026-11-10', isSomeUnreadable: true }
  const sending = (
    change: Partial<SendingProgress>,
    isAskingToCancel = false,
    isPaused = false,
  ): AppState => ({
    ...form,
    draft: fullDraft,
    screen: { at: 'sending', progress: { ...progress, ...change }, isPaused, isAskingToCancel },
  })
  const receipt = (asking: null | 'asking' | 'unknown' | 'unreachable'): AppState => ({
    ...form,
    screen: {
      at: 'receipt',
      receipt: '0123456789abcdef'.repeat(4),
      state: 'stored',
      asking,
      isCopied: asking === 'asking',
    },
  })
  return {
    first: { ...form, deferred: 'loading', keyring: { at: 'loading' }, address: 'open' },
    form,
    demo: { ...form, keyring: { at: 'ready', keyring: { ...keyring, isDemo: true } } },
    'without keys': { ...form, keyring: { at: 'failed', code: 'KEYRING_UNTRUSTED' } },
    'loading more': { ...form, deferred: 'loading', isMoreOpen: true },
    'failed more': { ...form, deferred: 'failed', isMoreOpen: true, notice: 'later_failed' },
    full: { ...form, draft: fullDraft, isMoreOpen: true },
    problems: { ...form, draft: fullDraft, isMoreOpen: true, hasTried: true },
    'nothing written': { ...form, hasTried: true },
    'too long': {
      ...form,
      draft: { ...fullDraft, refusal: { field: 'narrative', maxChars: 200_000 } },
    },
    'too much': {
      ...form,
      draft: { ...fullDraft, refusal: { field: 'draft', maxChars: 500_000 } },
    },
    'person removed': {
      ...form,
      draft: {
        ...emptyDraft,
        removed: { list: 'persons', index: 0, item: { ...newItem.persons(9), name: '리' } },
      },
    },
    'file removed': {
      ...form,
      draft: { ...emptyDraft, removed: { list: 'files', index: 0, item: fullDraft.files[0]! } },
    },
    'step removed': {
      ...form,
      isMoreOpen: true,
      draft: {
        ...emptyDraft,
        removed: { list: 'steps', index: 0, item: { ...fullDraft.steps[0]!, result: 'x' } },
      },
    },
    'move removed': {
      ...form,
      isMoreOpen: true,
      draft: {
        ...emptyDraft,
        removed: { list: 'transfers', index: 0, item: fullDraft.transfers[0]! },
      },
    },
    'language failed': { ...form, notice: 'language_failed' },
    broken: { ...form, notice: 'broken' },
    'not sent': { ...form, draft: fullDraft, screen: { at: 'form', failure: 'REFUSED' } },
    cancelled: { ...form, draft: fullDraft, screen: { at: 'form', failure: 'CANCELLED' } },
    'sending begins': {
      ...form,
      screen: { at: 'sending', progress: null, isPaused: false, isAskingToCancel: false },
    },
    preparing: sending({ phase: 'preparing' }),
    sending: sending({}),
    waiting: sending({ phase: 'waiting', bytesPerSecond: null, secondsLeft: null }),
    paused: sending({ phase: 'paused' }, false, true),
    'asking to cancel': sending({}, true),
    finishing: sending({ phase: 'finishing' }),
    receipt: receipt(null),
    'asking the receipt': receipt('asking'),
    'receipt unknown': receipt('unknown'),
    'receipt unreachable': receipt('unreachable'),
    cleared: { ...form, screen: { at: 'cleared' } },
    'words shown': withWords({ at: 'shown', fresh }),
    'words checked at the start': withWords({
      at: 'checking',
      fresh,
      asked: [3, 7],
      tapping: notTapped,
      isWrong: true,
    }),
    'words impossible': withWords({ at: 'impossible' }),
    'words the same': withWords({ at: 'same' }),
    'words skipped': withWords({ at: 'skipped' }),
    'words found': withWords({ at: 'checked' }),
    'keys confirmed': { ...form, replies },
    'keys not confirmed yet': {
      ...form,
      replies: { ...replies, keys: { state: 'not_confirmed_yet', day: '2026-11-20' } },
    },
    'keys replayed': {
      ...form,
      replies: { ...replies, keys: { state: 'replayed', day: '2026-11-20' } },
    },
    'keys unknown': { ...form, replies: { ...noReplies, isJudged: true } },
    'entering words': answers({}),
    'entering words, half way': answers({
      entry: {
        ...emptyAnswers.entry,
        words: list.table.words.slice(0, 5),
        tapping: { letter: firstLetter, start: null },
        problem: { code: 'unknown', n: 5 },
      },
    }),
    'typing words': answers({
      isLooking: true,
      entry: { ...emptyAnswers.entry, isTyping: true, problem: { code: 'count', n: 3 } },
    }),
    'answers opened': answers({ opened, consent: { [answer.id]: { un: 'not_yet' } } }),
    'nothing new': answers({ opened: { ...opened, answers: [] } }),
    'nothing found': answers({ opened: { ...opened, answers: [], openedOn: null } }),
    'older answers arriving': answers(
      {},
      { replies: { ...replies, drops: { come: 14, total: 30, isNewestCome: true } } },
    ),
    'nothing for anybody': answers(
      { opened: { ...opened, answers: [], openedOn: null, isSomeUnreadable: false } },
      {
        replies: {
          ...replies,
          drops: { come: 0, total: 0, isNewestCome: true },
          fetching: 'done',
          days: 0,
        },
      },
    ),
    'no index': answers({}, { replies: { ...noReplies, isJudged: true, fetching: 'done' } }),
    'answers replayed': answers(
      { opened },
      { replies: { ...replies, keys: { state: 'replayed', day: '2026-11-20' } } },
    ),
    'answers not fetched': answers({}, { replies: { ...replies, fetching: 'failed' } }),
    'follow-up': {
      ...form,
      hasThread: true,
      followUp: { answers: answer.id, consent: { un: 'yes' }, isClosing: true, isRenewing: true },
    },
  }
}
