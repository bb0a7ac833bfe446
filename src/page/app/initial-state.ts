import { noReplies } from '../sealing/replies.ts'
import { emptyDraft } from './draft.ts'
import type { AppTexts } from './speaking.ts'
import type { AppState } from './state.ts'

/** The state of a page that was just opened. */
export const initialState = (
  texts: AppTexts,
  {
    isDemo,
    address,
    organisation,
    ways = null,
  }: Pick<AppState, 'isDemo' | 'address' | 'organisation' | 'ways'>,
): AppState => ({
  texts,
  isDemo,
  address,
  organisation,
  ways,
  draft: emptyDraft,
  keyring: { at: 'loading' },
  screen: { at: 'form', failure: null },
  notice: null,
  hasTried: false,
  isMoreOpen: false,
  isAskingConsent: false,
  askedFiles: [],
  deferred: 'loading',
  spoken: '',
  replies: noReplies,
  words: null,
  hasThread: false,
  followUp: null,
})
