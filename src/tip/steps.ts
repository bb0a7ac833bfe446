import * as Type from 'typebox'
import { maxRepeats } from './bounds.ts'
import { stepsTaken, yesNoUnknown } from './codes.ts'
import { code, edtf, group, list, low, medium, note } from './fields.ts'

const Action = group({
  action: Type.Enum(stepsTaken, medium),
  when: edtf(medium),
  result: note(medium),
})

/** What has already been tried, or that trying was not safe. */
export const Steps = group({
  actions: list(Action, maxRepeats, medium),
  already_public: code(yesNoUnknown, low),
})
export type Steps = Type.Static<typeof Steps>
