import type { CommandGroup } from './command.ts'
import { reportArchive } from './report-archive.ts'
import { reportBayanat } from './report-bayanat.ts'
import { reportCounts } from './report-counts.ts'
import { reportSummary } from './report-summary.ts'
import { reportUwazi } from './report-uwazi.ts'
import { reportWgad } from './report-wgad.ts'
import { reportWgeid } from './report-wgeid.ts'

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
