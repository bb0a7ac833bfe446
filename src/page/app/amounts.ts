import type { SendingProgress } from '../sealing/sealer.ts'
import type { Language } from '../languages.ts'
import { writeBytes } from './bytes.ts'
import { fill } from '../view/wording.ts'
import type { DeferredTexts } from './form-texts.ts'
import type { DeferredWords } from './speaking.ts'

/** Amounts and times in words, rounded so that they are short to listen to. */

export function writeTimeLeft(secondsLeft: number, texts: DeferredTexts): string {
  const minutes = Math.ceil(secondsLeft / 60)
  if (minutes <= 1) return texts.sending.secondsLeft
  return minutes < 100
    ? fill(texts.sending.minutesLeft, { n: minutes })
    : fill(texts.sending.hoursLeft, { n: Math.round(minutes / 60) })
}

export const writeAmount = (
  { doneBytes, totalBytes }: SendingProgress,
  texts: DeferredTexts,
  language: Language,
): string =>
  fill(texts.sending.amount, {
    done: writeBytes(doneBytes, language),
    total: writeBytes(totalBytes, language),
  })

export const percentOf = ({ doneBytes, totalBytes }: SendingProgress): number =>
  totalBytes > 0 ? Math.min(100, Math.floor((doneBytes / totalBytes) * 100)) : 0

const stepPercent = 10

/**
 * @returns what a screen reader should say now: the name of a new phase, or each further ten per
 * cent; null if there is nothing new
 */
export function announcement(
  before: SendingProgress | null,
  now: SendingProgress,
  texts: DeferredTexts,
  delayReasons: DeferredWords['delayReasons'],
): string | null {
  if (now.problem !== null)
    return now.problem === before?.problem ? null : delayReasons[now.problem][0]
  if (before?.phase !== now.phase || before.problem !== null) return texts.sending.phases[now.phase]
  const tenth = Math.floor(percentOf(now) / stepPercent)
  return tenth > Math.floor(percentOf(before) / stepPercent) ? `${tenth * stepPercent} %` : null
}
