import { consentRecipients } from '../../../src/tip/codes.ts'
import { testWhatLeaves } from '../report/marked-reports.ts'

testWhatLeaves(consentRecipients)
