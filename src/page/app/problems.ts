import type { Draft, FileDraft } from './draft.ts'
import type { FollowUp } from './two-way-state.ts'

/**
 * Why a draft cannot be sent: the narrative is blank, or a file cannot be read. Nothing else that a
 * person can type prevents sending. A picture that was to be cleaned but cannot be is asked about
 * once: Send, pressed again, sends it as it is.
 */
export type Problem =
  | { field: 'narrative'; code: 'narrative' }
  /** `field` is the id of the button that removes the file. */
  | { field: string; code: 'unreadable' | 'empty' | 'uncleaned'; fileName: string }

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
    ...draft.files.flatMap((item) => {
      const code = problemOfFile(item)
      return code === null
        ? []
        : [{ field: removeButtonOf(item.key), code, fileName: item.file.name }]
    }),
  ]
}

/** The button that the summary leads to, by its id. */
export const removeButtonOf = (key: number): string => `files-${key}-remove`

type FileProblem = Exclude<ProblemCode, 'narrative'>

export function problemOfFile({ state, kind, wish }: FileDraft): FileProblem | null {
  if (state.at === 'unreadable' || state.at === 'empty') return state.at
  const isUncleaned = state.at === 'ready' && state.metadata === 'cannot_be_removed'
  return isUncleaned && kind === 'picture' && wish === 'remove' ? 'uncleaned' : null
}
