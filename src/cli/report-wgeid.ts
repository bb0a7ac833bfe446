import { wgeidReport } from '../desk/report/wgeid.ts'
import { defineUnReport } from './report-un.ts'

export const reportWgeid = defineUnReport({
  name: 'wgeid',
  summary: 'for the UN Working Group on Enforced or Involuntary Disappearances',
  about: `For people whose fate or place nobody tells. Within three months of the day the group acts urgently, within one or two days.
Look at its own form before you send: the order here is from published copies.`,
  build: wgeidReport,
})
