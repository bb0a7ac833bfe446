import { generateSigningKey } from '../../../src/keyring/minisign.ts'
import type { Thread } from '../../../src/thread/thread.ts'
import { wordsOf } from '../../../src/thread/words.ts'
import { answerTo, newThread } from '../../replies/samples.ts'
import { primitives } from '../../support/ceremony.ts'
import { runHere } from '../support/run-here.ts'
import type { Served } from './answer-site.ts'
import {
  dropFor,
  indexOf,
  listenWith,
  serveHonestly,
  sourceMachine,
  TestRoot,
} from './answer-site.ts'

/** Two desks, three drops, and a thread with two answers, as an honest server serves them. */

export const today = '2027-03-12'
export const clock = { now: () => new Date(`${today}T09:30:00Z`) }
export const root = new TestRoot()
export const [deskOne, deskTwo, stranger] = [
  generateSigningKey(),
  generateSigningKey(),
  generateSigningKey(),
]
export const keyring = root.issue([deskOne, deskTwo], '2027-02-01')
export const thread = newThread(primitives)
export const long = answerTo(primitives, thread, {
  day: '2027-03-04',
  parts: ['첫째 줄\n둘째 줄 ', '마지막'],
  asks: ['un', 'ngo'],
})
export const short = answerTo(primitives, thread, { day: '2027-03-08', parts: ['다시 와 주세요.'] })
const forOthers = answerTo(primitives, newThread(primitives))
export const first = await dropFor([long, forOthers], '2027-03-05', [thread.tagKey])
export const second = await dropFor([short, { ...long, isRepeat: true }], '2027-03-09')
export const ofTwo = await dropFor([answerTo(primitives, newThread(primitives))], '2027-03-07')

export const honest = () =>
  serveHonestly(keyring, [
    { key: deskOne, index: indexOf(keyring, [second, first]), drops: [second, first] },
    { key: deskTwo, index: indexOf(keyring, [ofTwo], { day: '2027-03-11' }), drops: [ofTwo] },
  ])

interface Shown {
  keys: { state: string; day: string | null; issued: string }
  last_index: string | null
  since: string | null
  opened: string[]
  answers: { id: string; day: string; text: string; asks: string[]; whole: boolean }[]
  problems: { code: string; day: string }[]
}

export async function ask(served: Served, of: Thread = thread) {
  const machine = await sourceMachine(root, wordsOf(of.secret, 'ko'))
  const { url, requests } = await listenWith(served)
  const args = ['answers', '--words-file', 'words.txt', '--to', url]
  const done = await runHere(machine, [...args, '--json'], { clock })
  const plain = await runHere(machine, args, { clock })
  const shown = done.status === 0 ? (JSON.parse(done.stdout) as Shown) : null
  return { ...done, shown, plain, requests }
}

export const textsOf = (shown: Shown | null) => shown?.answers.map(({ text }) => text)
