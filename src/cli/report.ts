import type { CommandGroup } from './command.ts'
import { reportArchive } from './report-archive.ts'
import { reportBayanat } from './report-bayanat.ts'
import { reportCounts } from './report-counts.ts'
import { reportUwazi } from './report-uwazi.ts'

export const command: CommandGroup = {
  name: 'report',
  summary: 'counts, and exports for one recipient, from the casebook',
  subcommands: [reportCounts, reportUwazi, reportBayanat, reportArchive],
}
