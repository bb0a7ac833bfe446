import type { CommandGroup } from '../frame/command.ts'
import { reportArchive } from './archive.ts'
import { reportBayanat } from './bayanat.ts'
import { reportCounts } from './counts.ts'
import { reportSummary } from './summary.ts'
import { reportUwazi } from './uwazi.ts'
import { reportWgad, reportWgeid } from './un.ts'

export const command: CommandGroup = {
  name: 'report',
  summary: 'forms for the UN, summaries, counts and exports, as far as consent goes',
  subcommands: [
    reportWgeid,
    reportWgad,
    reportSummary,
    reportCounts,
    reportUwazi,
    reportBayanat,
    reportArchive,
  ],
}
