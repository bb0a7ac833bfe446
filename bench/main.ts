/**
 * `npm run bench [-- PART]`: the command line and the intake; PART is a part of a section's title.
 */
import { benchIntake } from './intake.ts'
import { runSections } from './report.ts'
import { benchCommands, benchCore } from './sealing.ts'

await runSections(
  [
    {
      title: 'Sealing and opening: our core',
      how: 'Programs that read one file and write another; medians of 6 alternating rounds.',
      measure: benchCore,
    },
    {
      title: 'Sealing and opening: the commands',
      how: '`tumen seal` and `tumen open`, medians of 6 alternating rounds. `tumen seal` also computes the digest of the file first, `tumen open` also checks the digests of envelope and attachment; both end with fsync, which age does not; the same work is `openssl dgst` beside `age`, then `sync`.',
      measure: benchCommands,
    },
    {
      title: 'Intake',
      how: 'Medians of rounds that alternate with the bare loop, after a warm-up; the clients run in a separate process. The intake is started as in production, with 16 threads for the disk; the bare loop is a Node program with its 4, which neither listens nor takes a digest. *The same work* is a server of node:http, started like the intake, that takes the digest, makes the file and its name durable, answers, and checks nothing. Its clients and those of the intake use the same two cores. Nothing is removed before the last round.',
      measure: benchIntake,
    },
  ],
  ['age'],
  process.argv[2],
)
