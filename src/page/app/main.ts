import { h, render } from 'preact'
import { pathBelow, receiptsPath } from '../../wire/names.ts'
import { isLanguage, type Language } from '../languages.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { startSealer } from '../sealing/start-sealer.ts'
import { firstSealer } from './start.ts'
import { RECEIPT_STATES, type ReceiptState } from '../texts.ts'
import { startOf } from '../view/frame.ts'
import { addressOf } from '../view/tor-facts.ts'
import { App } from './app.ts'
import { kindOf } from './file-kind.ts'
import { fetchOwnWords, readOwnWords } from './own-words.ts'
import { runApp } from './run-app.ts'
import { loadDeferredTexts, loadTexts, type AppTexts } from './speaking.ts'
import { loadWordList } from './word-lists/load.ts'
import type { PageEnvironment } from './page-environment.ts'
import { copyText, focusOn, guardLeaving, leavePage, listenTo, markLanguage } from './window.ts'

/**
 * The browser's side of the app. It stores nothing, and it asks the browser for nothing that could
 * distinguish one visitor from another.
 */

const askReceipt = async (receipt: string): Promise<ReceiptState | null> => {
  const answer = await fetch(pathBelow(receiptsPath, receipt), {
    headers: { accept: 'application/json' },
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  })
  if (answer.status === 404) return null
  const { state } = (await answer.json()) as { state?: unknown }
  const known = RECEIPT_STATES.find((code) => code === state)
  if (known === undefined) throw new Error('the answer has no receipt state')
  return known
}

function showLanguage({ language }: AppTexts): void {
  markLanguage(language)
  history.replaceState(null, '', startOf(language))
}

function firstThenOthers(): () => Sealer {
  let first: Sealer | null = firstSealer
  return () => {
    const sealer = first ?? startSealer()
    first = null
    return sealer
  }
}

const environmentOf = (page: HTMLElement): PageEnvironment => ({
  // Taken before the form replaces what the server has drawn.
  ways: page.querySelector('.without-script'),
  address: addressOf(location.host),
  organisation: readOwnWords(document),
  loadOrganisation: fetchOwnWords,
  now: () => new Date(),
  startSealer: firstThenOthers(),
  kindOf,
  loadTexts,
  askReceipt,
  focus: focusOn,
  showLanguage,
  guardLeaving,
  leave: leavePage,
  loadDeferredTexts,
  loadDeferredCode: () => import('./deferred.ts'),
  loadWordList,
  startAt: page.querySelector('[data-screen="answers"]') === null ? 'form' : 'answers',
  random: Math.random,
  copy: copyText,
  draw: (view) => render(h(App, view), page),
})

/**
 * Whether a sealed file has been chosen while this script was loading. Drawing the form would then
 * discard that choice.
 */
function hasChosenEnvelope(): boolean {
  const field = document.getElementById('envelope')
  return field instanceof HTMLInputElement && (field.files?.length ?? 0) > 0
}

async function main(): Promise<void> {
  const page = document.getElementById('page')
  const asked = document.querySelector('[data-language]')?.getAttribute('data-language')
  const language: Language = isLanguage(asked) ? asked : 'en'
  if (page === null) return
  const texts = await loadTexts(language)
  if (hasChosenEnvelope()) return firstSealer.close()
  // preact appends to existing content, so the content drawn by the server is removed first.
  const isDemo = page.querySelector('.demo') !== null
  const environment = environmentOf(page)
  page.replaceChildren()
  listenTo(runApp(texts, isDemo, environment))
}

// If the script cannot be loaded, the server's content stays, with the instructions that need no
// scripts.
main().catch(() => undefined)
