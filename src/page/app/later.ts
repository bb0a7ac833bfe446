/** All that comes after the first paint, as one chunk: nobody sends within the first second. */
export { AfterForm } from './after-form.ts'
export { announcement } from './amounts.ts'
export { tipFromDraft } from './draft-to-tip.ts'
export { MoreSection } from './more.ts'
