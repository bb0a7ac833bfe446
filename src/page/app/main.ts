import { h, render } from 'preact'
import { pathBelow, receiptsPath } from '../../wire/names.ts'
import { isLanguage, type Language } from '../languages.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { startSealer } from '../sealing/start-sealer.ts'
import { RECEIPT_STATES, type ReceiptState } from '../texts.ts'
import { startOf } from '../view/frame.ts'
import { addressOf } from '../view/tor-facts.ts'
import { App } from './app.ts'
import { kindOf } from './file-kind.ts'
import { runApp } from './run-app.ts'
import { loadLaterTexts, loadTexts, type AppTexts } from './speaking.ts'
import type { Surroundings } from './surroundings.ts'
import { focusOn, guardLeaving, leavePage, listenTo, markLanguage } from './window.ts'

/**
 * The browser's side of the app. Nothing is stored, and nothing is asked of the browser that tells
 * it apart.
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
  if (known === undefined) throw new Error('no state in the answer')
  return known
}

function showLanguage({ language }: AppTexts): void {
  markLanguage(language)
  history.replaceState(null, '', startOf(language))
}

function startOnce(started: Sealer): () => Sealer {
  let first: Sealer | null = started
  return () => {
    const sealer = first ?? startSealer()
    first = null
    return sealer
  }
}

const around = (page: HTMLElement, sealer: Sealer): Surroundings => ({
  address: addressOf(location.host),
  now: () => new Date(),
  startSealer: startOnce(sealer),
  kindOf,
  loadTexts,
  askReceipt,
  focus: focusOn,
  showLanguage,
  guardLeaving,
  leave: leavePage,
  loadLaterTexts,
  loadLaterCode: () => import('./later.ts'),
  draw: (view) => render(h(App, view), page),
})

/** Who has begun to send a sealed file while this was loading must not lose the form for it. */
function hasChosenEnvelope(): boolean {
  const field = document.getElementById('envelope')
  return field instanceof HTMLInputElement && (field.files?.length ?? 0) > 0
}

async function main(): Promise<void> {
  const page = document.getElementById('page')
  const asked = document.querySelector('[data-language]')?.getAttribute('data-language')
  const language: Language = isLanguage(asked) ? asked : 'en'
  if (page === null) return
  // Its code is the longest on the way.
  const sealer = startSealer()
  const texts = await loadTexts(language)
  if (hasChosenEnvelope()) return sealer.close()
  // preact draws beside what it finds: what the server drew goes first.
  const isDemo = page.querySelector('.demo') !== null
  page.replaceChildren()
  listenTo(runApp(texts, isDemo, around(page, sealer)))
}

// If nothing of it comes, what the server drew stays, with the ways that need no scripts.
main().catch(() => undefined)
