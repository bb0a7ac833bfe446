/** Everything that needs the code of threads and drops, loaded as one chunk. */
export { noAnswers } from './join-answers.ts'
export { ReplyBox } from './reply-box.ts'
export { prepareTip, threadOf } from './reply-words.ts'
