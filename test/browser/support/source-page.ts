import type { Page } from 'puppeteer-core'
import { until } from '../../supervise/start.ts'
import { asked, chooseFiles, click, textOf, type, untilThere } from './acts.ts'
import type { Launched, Size } from './launch.ts'
import { onionUrl } from './proxy.ts'
import type { FullLanguage, Words } from './words.ts'
import { wordsOf } from './words.ts'

/** The source's page after its script has rendered it. */
export interface SourcePage {
  readonly page: Page
  readonly words: Words
}

export interface QuickTip {
  narrative: string
  name: string
  age: string
  when: string
  where: string
}

/** The ids and attributes of the form that tests use. */
export const hooks = {
  narrative: '#narrative',
  name: '[id^="persons-"][id$="-name"]',
  age: '[id^="persons-"][id$="-age"]',
  when: '#when',
  where: '#where',
  stillHeldYes: 'label[for="stillHeld-yes"]',
  askMe: 'label[for="consentChoice-ask_me"]',
  files: '#files',
  keepPlace: 'label[for^="files-"][for$="-keep"]',
  send: '#send',
  pause: '#pause',
  resume: '#resume',
  cancel: '#cancel',
  cancelYes: '#cancel-yes',
  more: '#more > summary',
  keyringReady: '[data-keyring="ready"]',
  receipt: '#has-receipt',
  clear: '#clear',
} as const

/** At Safer, on two busy cores, checking the keyring's signature takes a while. */
const readyWithinMs = 60_000

export async function openSourcePage(
  launched: Launched,
  language: FullLanguage,
  size?: Size,
): Promise<SourcePage> {
  const page = await launched.newPage(size)
  return await goToSourcePage(page, language)
}

export async function goToSourcePage(
  page: Page,
  language: FullLanguage,
  origin = onionUrl,
): Promise<SourcePage> {
  await page.goto(`${origin}/${language}/`)
  await untilThere(page, hooks.narrative, readyWithinMs)
  return { page, words: wordsOf(language) }
}

export async function fillIn({ page }: SourcePage, tip: QuickTip): Promise<void> {
  await type(page, hooks.narrative, tip.narrative)
  await type(page, hooks.name, tip.name)
  await type(page, hooks.age, tip.age)
  await type(page, hooks.when, tip.when)
  await type(page, hooks.where, tip.where)
  await click(page, hooks.stillHeldYes)
  await click(page, hooks.askMe)
}

/** Resolves when each file is cleaned, or is known to be one that cannot be cleaned. */
export async function chooseTipFiles({ page }: SourcePage, ...paths: string[]): Promise<void> {
  await chooseFiles(page, hooks.files, ...paths)
  await untilFilesReady(page, paths.length)
}

export async function untilFilesReady(page: Page, count: number): Promise<void> {
  const readyCount = (): number => document.querySelectorAll('[data-file-state="ready"]').length
  let ready = 0
  await until(
    async () => (ready = await page.evaluate(readyCount)) >= count,
    () => `${count} files to be ready, ${ready} are`,
    readyWithinMs,
  )
}

/** Clicks the send button. @returns immediately: the caller awaits the result. */
export async function send({ page }: SourcePage): Promise<void> {
  await untilThere(page, hooks.keyringReady, readyWithinMs)
  // Without a choice the page asks once before it sends. A follow-up has no such choice.
  const hasChoice = (await page.$('[name="consentChoice"]')) !== null
  const isChosen = (await page.$('[name="consentChoice"]:checked')) !== null
  if (hasChoice && !isChosen) await click(page, hooks.askMe)
  await click(page, hooks.send)
}

/** @returns the receipt, 64 hex digits. */
export async function untilReceipt({ page }: SourcePage, withinMs = 80_000): Promise<string> {
  let receipt: string | null = null
  let said = ''
  await until(
    () =>
      asked(async () => {
        receipt = await page.evaluate(
          (selector) => document.querySelector(selector)?.getAttribute('data-receipt') ?? null,
          hooks.receipt,
        )
        if (receipt === null) said = (await textOf(page, 'main')).slice(0, 2000)
        return receipt !== null
      }),
    () => `a receipt; the page says: ${said}`,
    withinMs,
  )
  return receipt ?? ''
}

export async function untilPhase(page: Page, phase: string, withinMs = 80_000): Promise<void> {
  await untilThere(page, `[data-phase="${phase}"]`, withinMs)
}

export async function untilSays(page: Page, words: string, withinMs = 80_000): Promise<void> {
  await until(
    () => asked(async () => (await textOf(page)).includes(words)),
    () => `"${words}" on ${page.url()}`,
    withinMs,
  )
}
