/** `npm run bench`: the command line and the intake. */
import { benchIntake } from './intake.ts'
import { runSections } from './report.ts'
import { benchSealing } from './sealing.ts'

await runSections(
  [
    {
      title: 'Sealing and opening',
      how: 'Complete programs that read one file and write another; medians of 6 alternating rounds. `tumen seal` also computes the digest of the file first, `tumen open` also checks the digests of envelope and attachment; both end with fsync, which age does not; the same work is `openssl dgst` beside `age`, then `sync`.',
      measure: benchSealing,
    },
    {
      title: 'Intake',
      how: 'Medians of rounds that alternate with the bare loop; the clients run in a separate process.',
      measure: benchIntake,
    },
  ],
  ['age'],
)
