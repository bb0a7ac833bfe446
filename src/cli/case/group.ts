import { caseConsent, caseContact, caseLink, caseNote, caseUnlink } from './add.ts'
import { caseConfirm } from './confirm.ts'
import { caseList } from './list.ts'
import { caseNew } from './new.ts'
import { caseRefresh, caseRepair } from './refresh-and-repair.ts'
import { caseRelease } from './release.ts'
import { caseReply } from './reply.ts'
import { caseSet, caseUnset } from './set.ts'
import { caseHistory, caseShow } from './show.ts'
import { caseAcceptConsent, caseCloseThread } from './thread.ts'
import type { CommandGroup } from '../frame/command.ts'

export const command: CommandGroup = {
  name: 'case',
  summary: 'show or change a case, add notes and links, record consent, answer the source',
  subcommands: [
    caseList,
    caseNew,
    caseShow,
    caseSet,
    caseUnset,
    caseNote,
    caseLink,
    caseUnlink,
    caseConsent,
    caseConfirm,
    caseRelease,
    caseContact,
    caseReply,
    caseCloseThread,
    caseAcceptConsent,
    caseHistory,
    caseRefresh,
    caseRepair,
  ],
}
