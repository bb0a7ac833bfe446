import { maxListItems } from './draft-bounds.ts'
import type { Draft } from './draft.ts'
import { fill } from '../view/wording.ts'
import type { AllTexts, FormTexts } from './form-texts.ts'
import { problemsOf, type Problem } from './problems.ts'
import type { Gloss } from '../glosses.ts'
import type { GlossOf } from './fields.ts'
import type { Actions, AppState } from './state.ts'

/** Everything that the parts of the form need in order to be drawn. */
export interface FormContext {
  texts: FormTexts
  draft: Draft
  state: AppState
  actions: Actions
  problems: readonly Problem[]
  /** The error message of a field; null when the field has none. */
  messageFor: (id: string) => string | null
}

/** The words of a question in the reader's own language, if the form is in another one. */
export function glossOf(
  { state: { texts } }: FormContext,
  label: keyof Gloss,
  hint?: keyof Gloss,
): GlossOf {
  const { gloss, language } = texts
  return { language, label: gloss?.[label], hint: hint && gloss?.[hint] }
}

/** The context of the parts that are loaded after the first paint. */
export interface MoreContext extends FormContext {
  texts: AllTexts
}

export function messageOf({ code }: Problem, texts: FormTexts): string {
  if (code === 'narrative') return texts.problems.narrative
  // The labels are quoted as they stand on the buttons.
  return fill(texts.files[code], { send: texts.send.button, without: texts.files.sendWithout })
}

export function refusalMessage({ refusal }: Draft, texts: FormTexts): string {
  if (refusal === null) return ''
  return refusal.field === 'draft'
    ? texts.problems.draft_too_long
    : fill(texts.problems.too_long, { n: refusal.maxChars })
}

export const tooManyFiles = (texts: FormTexts): string =>
  fill(texts.files.tooMany, { n: maxListItems.files })

export function formContext(state: AppState, actions: Actions): FormContext {
  const {
    draft,
    texts: { form: texts },
  } = state
  const problems = state.hasTried ? problemsOf(draft, state.followUp) : []
  const messageFor = (id: string): string | null => {
    if (draft.refusal?.field === id) return refusalMessage(draft, texts)
    const problem = problems.find(({ field }) => field === id)
    return problem === undefined ? null : messageOf(problem, texts)
  }
  return { texts, draft, state, actions, problems, messageFor }
}
