import type { AppState } from './state.ts'

/**
 * Whether a tip sent now may be answered here. While the indexes are still being fetched it is
 * assumed; a page without a network has no index until a file of answers is opened.
 */
export const canBeAnswered = ({
  replies,
  address,
}: Pick<AppState, 'replies' | 'address'>): boolean =>
  replies.canAnswer || (!replies.isJudged && address !== 'none')
