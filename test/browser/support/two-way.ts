import type { Page } from 'puppeteer-core'
import { wordList as english } from '../../../src/page/app/word-lists/en.ts'
import { wordList as korean } from '../../../src/page/app/word-lists/ko.ts'
import type { PageWordList, WordKey } from '../../../src/page/app/word-lists/word-list.ts'
import { drawThreadSecret } from '../../../src/thread/draw-secret.ts'
import type { ReplyGroup } from '../../../src/thread/thread.ts'
import { deriveThread, replyGroupOf } from '../../../src/thread/thread.ts'
import { wordIndexesOf } from '../../../src/thread/word-indexes.ts'
import { primitives } from '../../support/ceremony.ts'
import { click, isThere, type, untilThere } from './acts.ts'

/** What a person does with the twelve words. */

/** The words of a secret that the page might have drawn, in Korean, and its thread. */
export function drawWords(): { words: string[]; group: ReplyGroup } {
  const secret = drawThreadSecret(primitives)
  const words = wordIndexesOf(secret).map((index) => korean.table.words[index] ?? '')
  return { words, group: replyGroupOf(deriveThread(primitives, secret), 'ko') }
}

const lists: readonly PageWordList[] = [english, korean]

/** The words that the receipt screen shows, in order. */
export async function wordsShown(page: Page): Promise<string[]> {
  await untilThere(page, '#twelve-words')
  return await page.evaluate(() =>
    [...document.querySelectorAll('#twelve-words li')].map((item) => item.textContent ?? ''),
  )
}

function keyOf(word: string): WordKey {
  for (const { table, keysOf } of lists) {
    const index = table.words.indexOf(word)
    const key = index < 0 ? undefined : keysOf(word, index)[0]
    if (key !== undefined) return key
  }
  throw new Error('a word that is on no list')
}

/**
 * Taps one word: its first letter, how it begins, and the word. A step that is not drawn yet is
 * left out, so call it until the page asks for another word.
 */
async function tapWord(page: Page, word: string): Promise<void> {
  const { letter, start } = keyOf(word)
  for (const [step, choice] of [
    ['letter', letter],
    ['start', start],
    ['word', word],
  ] as const)
    if (await isThere(page, `[data-tap="${step}"]`)) await clickChoice(page, choice)
}

/** Taps the words that the page asks for, until it has enough. */
export async function tapWords(page: Page, words: readonly string[]): Promise<void> {
  for (;;) {
    const asked = await page.evaluate(
      () => /\d+/.exec(document.querySelector('#tap-label')?.textContent ?? '')?.[0] ?? null,
    )
    if (asked === null) return
    await tapWord(page, words[Number(asked) - 1] ?? '')
  }
}

/** Enters all twelve words on the page for answers. */
export async function enterWords(page: Page, words: readonly string[]): Promise<void> {
  await untilThere(page, '[data-tap="letter"]')
  await tapWords(page, words)
  await click(page, '#look')
}

/** The same with the keyboard, which takes a test a fifth of the time. */
export async function typeWords(page: Page, words: readonly string[]): Promise<void> {
  await click(page, '#type-words')
  await type(page, '#typed-words', words.join(' '))
  await click(page, '#look')
}

async function clickChoice(page: Page, choice: string): Promise<void> {
  await page.evaluate((wanted) => {
    for (const button of document.querySelectorAll('.tap-choice[data-chosen]'))
      button.removeAttribute('data-chosen')
    const found = [...document.querySelectorAll('.tap-choice')].find(
      ({ textContent }) => textContent === wanted,
    )
    found?.setAttribute('data-chosen', '')
  }, choice)
  await click(page, '.tap-choice[data-chosen]')
}
