/** `npm run bench`: the command line and the intake. */
import { benchIntake } from './intake.ts'
import { runSections } from './report.ts'
import { benchSealing } from './sealing.ts'

await runSections(
  [
    {
      title: 'Sealing and opening',
      how: 'Whole programs, file to file, medians of 6 rounds in turns. `tumen seal` also takes the digest of the file first, `tumen open` also checks the digests of envelope and attachment; both end with fsync, which age does not.',
      measure: benchSealing,
    },
    {
      title: 'Intake',
      how: 'Medians of rounds in turns with the bare loop; the clients are a process of their own.',
      measure: benchIntake,
    },
  ],
  ['age'],
)
