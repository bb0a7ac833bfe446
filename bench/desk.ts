/** `npm run bench:desk`: a whole batch from the stick to the casebook. */
import { count } from '../src/text/count.ts'
import { benchOpening, rounds } from './opening.ts'
import { runSections } from './report.ts'

const how = `One batch, one run, whole programs in turns, medians of ${count(rounds, 'round')}, in seconds. \`tumen open\` also checks signature, sums and digests, keeps every envelope, writes the custody log, ends each file with fsync and makes index and pages; the loop is \`age -d FILE | tar -x -C FOLDER\` for each file, and does none of that. *The same work* is a loop that also takes the digests with \`openssl dgst\`, keeps a copy of each envelope, and syncs the files of each tip; it checks no signature and makes no index, log or pages. age 1.1.1 knows no post-quantum recipients, so the loop runs over the x25519 files; ours over the same files, and over the same tips sealed the usual way. \`npm run bench:desk\`.`

await runSections([{ title: 'Opening a batch', how, measure: benchOpening }], ['age'])
