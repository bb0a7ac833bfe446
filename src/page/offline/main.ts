import { dayOfInstant } from '../../time/day.ts'
import { base64 } from '@scure/base'
import { h, render } from 'preact'
import { App } from '../app/app.ts'
import { AfterForm } from '../app/after-form.ts'
import { kindOf } from '../app/file-kind.ts'
import * as deferred from '../app/deferred.ts'
import {
  copyText,
  focusOn,
  guardLeaving,
  leavePage,
  listenTo,
  markLanguage,
} from '../app/window.ts'
import { runApp } from '../app/run-app.ts'
import { formLanguageOf } from '../app/speaking.ts'
import type { DeferredView, Screen } from '../app/state.ts'
import { loadWordList } from '../app/word-lists/load.ts'
import type { PageEnvironment } from '../app/page-environment.ts'
import { cleanFile } from '../../cleaning/clean.ts'
import { isLanguage, type Language } from '../languages.ts'
import type { OfflineTrust } from './document.ts'
import { ownWordsIn } from './own-words.ts'
import { OfflineSealer } from './offline-sealer.ts'
import { SAVED_NAME, SavedView } from './saved-view.ts'
import { offlineFirst, offlineDeferred } from './speaking-offline.ts'

/** The object URL of the file sealed last. */
let savedUrl = ''

function save(content: Blob): void {
  URL.revokeObjectURL(savedUrl)
  savedUrl = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = savedUrl
  link.download = SAVED_NAME
  link.click()
}

/** The view that replaces the form, with the saved file in place of a receipt. */
const AfterSealing: typeof AfterForm = ({
  screen,
  view,
}: {
  screen: Exclude<Screen, { at: 'form' }>
  view: DeferredView
}) =>
  screen.at === 'receipt'
    ? h(SavedView, { receipt: screen.receipt, url: savedUrl, view })
    : h(AfterForm, { screen, view })

function readTrust(): OfflineTrust {
  return JSON.parse(document.getElementById('trust')?.textContent ?? '') as OfflineTrust
}

function startSealer(): OfflineSealer {
  const { keyring, signature, rootKey } = readTrust()
  return new OfflineSealer({
    keyring: base64.decode(keyring),
    signature: base64.decode(signature),
    rootKey,
    clean: cleanFile,
    today: () => dayOfInstant(new Date()),
    now: () => performance.now(),
    yieldToPage: () => new Promise((resolve) => setTimeout(resolve)),
    save,
  })
}

const environmentOf = (page: HTMLElement, language: Language): PageEnvironment => ({
  address: 'none',
  organisation: ownWordsIn(readTrust(), language),
  loadOrganisation: async (other) => ownWordsIn(readTrust(), other),
  now: () => new Date(),
  startSealer,
  kindOf,
  focus: focusOn,
  guardLeaving,
  leave: leavePage,
  loadTexts: async (language, rest) => offlineFirst(language, rest),
  loadDeferredTexts: async (texts) => offlineDeferred(texts.language, formLanguageOf(texts)),
  loadDeferredCode: async () => ({ ...deferred, AfterForm: AfterSealing }),
  loadWordList,
  startAt: 'form',
  random: Math.random,
  copy: copyText,
  askReceipt: async () => {
    throw new Error('the offline page has no network')
  },
  showLanguage: ({ language }) => markLanguage(language),
  draw: (view) => render(h(App, view), page),
})

function main(): void {
  const page = document.getElementById('page')
  if (page === null) return
  const asked = page.dataset['language']
  const texts = offlineFirst(isLanguage(asked) ? asked : 'en')
  markLanguage(texts.language)
  page.replaceChildren()
  listenTo(runApp(texts, false, environmentOf(page, texts.language)))
}

main()
