/**
 * Everything that is needed after the first paint, loaded as one chunk: nobody sends a tip within
 * the first second.
 */
export { AfterForm } from './after-form.ts'
export { announcement } from './amounts.ts'
export { tipFromDraft } from './draft-to-tip.ts'
export { MoreSection } from './more.ts'
export { FollowUpPart } from './follow-up-part.ts'
export { TwoWay } from './two-way.ts'
export { emptyAnswers } from './two-way-state.ts'
