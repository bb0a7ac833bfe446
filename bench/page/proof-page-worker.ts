import { solveInPage } from '../../src/page/sealing/solve-in-page.ts'
import { proofNeeded } from '../../src/wire/problem-codes.ts'
import { measureProof } from './measure-proof.ts'

postMessage(
  await measureProof((challenge) =>
    solveInPage(JSON.stringify({ code: proofNeeded, challenge }), new AbortController().signal),
  ),
)
