import type { Draft } from './draft.ts'
import type { FollowUp } from './two-way-state.ts'

/**
 * Why a draft cannot be sent: the narrative is blank, or a file cannot be read. Nothing else that a
 * person can type prevents sending.
 */
export type Problem =
  | { field: 'narrative'; code: 'narrative' }
  /** `field` is the id of the button that removes the file. */
  | { field: string; code: 'unreadable' | 'empty'; fileName: string }

export type ProblemCode = Problem['code']

/** Whether a follow-up or a file says something even if nothing is written. */
export const isEnough = (draft: Draft, followUp: FollowUp | null): boolean =>
  followUp !== null &&
  (followUp.isClosing ||
    followUp.isRenewing ||
    draft.files.length > 0 ||
    Object.keys(followUp.consent).length > 0)

/** The problems that prevent sending, in the order of the page. */
export function problemsOf(draft: Draft, followUp: FollowUp | null = null): Problem[] {
  const isBlank = draft.narrative.trim() === ''
  return [
    ...(isBlank && !isEnough(draft, followUp)
      ? [{ field: 'narrative', code: 'narrative' } as const]
      : []),
    ...draft.files.flatMap(({ key, state, file }) =>
      state.at === 'unreadable' || state.at === 'empty'
        ? [{ field: `files-${key}-remove`, code: state.at, fileName: file.name }]
        : [],
    ),
  ]
}
