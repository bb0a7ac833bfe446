import { solveInPage } from '../../src/page/sealing/solve-in-page.ts'
import { measureProof } from './measure-proof.ts'

postMessage(await measureProof((challenge) => solveInPage(challenge, new AbortController().signal)))
