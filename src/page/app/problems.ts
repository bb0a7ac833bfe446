import type { Draft } from './draft.ts'

/**
 * Why a draft cannot be sent: the narrative is blank, or a file cannot be read. Nothing else that a
 * person can type prevents sending.
 */
export type Problem =
  | { field: 'narrative'; code: 'narrative' }
  /** `field` is the id of the button that removes the file. */
  | { field: string; code: 'unreadable' | 'empty'; fileName: string }

export type ProblemCode = Problem['code']

/** The problems that prevent sending, in the order of the page. */
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
