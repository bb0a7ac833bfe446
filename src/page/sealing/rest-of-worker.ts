/**
 * All code that the worker loads while the person is writing, in one file: over Tor, each further
 * file costs as much time as 100 kB of one.
 */
export { cleanFile } from '../../cleaning/clean.ts'
export { fastBulk } from './fast-bulk.ts'
export { noAnswers } from './join-answers.ts'
export { ReplyBox } from './reply-box.ts'
export { prepareTip, threadOf } from './reply-words.ts'
export { sealEnvelope } from './seal-envelope.ts'
export { solveInPage } from './solve-in-page.ts'
export { postWhole, uploadRound } from './upload-round.ts'

// Loaded before this file. Because it is named here, what both need is part of its own file, and it
// can be run without a third one.
export { recipientsInForce } from './trusted-keyring.ts'
