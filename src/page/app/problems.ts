import type { Draft } from './draft.ts'

/**
 * Why a draft cannot be sent: nothing was told, or a file of it cannot be had. Nothing else that
 * a person can type keeps a tip from being sent.
 */
export type Problem =
  | { field: 'narrative'; code: 'narrative' }
  /** `field` is the button that takes the file out. */
  | { field: string; code: 'unreadable' | 'empty'; fileName: string }

export type ProblemCode = Problem['code']

/** What keeps the draft from being sent, in the order of the page. */
export function problemsOf(draft: Draft): Problem[] {
  return [
    ...(draft.narrative.trim() === '' ? [{ field: 'narrative', code: 'narrative' } as const] : []),
    ...draft.files.flatMap(({ key, state, file }) =>
      state.at === 'unreadable' || state.at === 'empty'
        ? [{ field: `files-${key}-remove`, code: state.at, fileName: file.name }]
        : [],
    ),
  ]
}
