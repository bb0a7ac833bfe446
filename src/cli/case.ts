import { caseConsent, caseContact, caseLink, caseNote, caseUnlink } from './case-add.ts'
import { caseList } from './case-list.ts'
import { caseRefresh, caseRepair } from './case-refresh.ts'
import { caseSet, caseUnset } from './case-set.ts'
import { caseHistory, caseShow } from './case-show.ts'
import type { CommandGroup } from './command.ts'

export const command: CommandGroup = {
  name: 'case',
  summary: 'look at a case, change it, note, link, record consent',
  subcommands: [
    caseList,
    caseShow,
    caseSet,
    caseUnset,
    caseNote,
    caseLink,
    caseUnlink,
    caseConsent,
    caseContact,
    caseHistory,
    caseRefresh,
    caseRepair,
  ],
}
