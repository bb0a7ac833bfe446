import { wgadReport } from '../desk/report/wgad.ts'
import { defineUnReport } from './report-un.ts'

export const reportWgad = defineUnReport({
  name: 'wgad',
  summary: 'for the UN Working Group on Arbitrary Detention',
  about: `For people held without a lawful reason. It gives the government 60 days to answer: in a return window, ask for an urgent appeal.
What a source is never asked is a gap to fill in: the legislation applied, who ordered the detention, why it is arbitrary.
Look at its own questionnaire before you send: its wording could not be checked.`,
  build: wgadReport,
})
