import type { Language } from '../languages.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { ReceiptState } from '../texts.ts'
import type { OrganisationFacts } from '../view/who.ts'
import type { VisitFacts } from '../view/tor-facts.ts'
import type { FileKind } from './file-draft.ts'
import type { AppTexts, DeferredWords } from './speaking.ts'
import type { Deferred, View } from './state.ts'

/** Everything the app needs from the browser. Tests replace it and need no browser. */
export interface PageEnvironment {
  address: VisitFacts['address']
  /** What the organisation says of itself, if it does, in the language the page starts with. */
  organisation?: OrganisationFacts | null
  /** The same in another language. Rejects when it cannot be fetched. */
  loadOrganisation?: (language: Language) => Promise<OrganisationFacts | null>
  /** The server's instructions for sending without scripts, if the page has them. */
  ways?: Element | null
  now: () => Date
  startSealer(): Sealer
  kindOf: (file: File) => Promise<FileKind>
  /** @param rest the language for what `language` does not have; by default one is chosen. */
  loadTexts(language: Language, rest?: Language): Promise<AppTexts>
  loadDeferredTexts(texts: AppTexts): Promise<DeferredWords>
  loadDeferredCode(): Promise<Deferred['code']>
  /** Loads the list of words of the page's language. */
  loadWordList(language: Language): Promise<Deferred['list']>
  /** The screen that the address asks for. */
  startAt: 'form' | 'answers'
  /** A number from 0 to below 1, to choose which words are checked. */
  random: () => number
  copy(text: string): boolean
  /** Resolves with null when the receipt is not known; rejects when there is no answer. */
  askReceipt: (receipt: string) => Promise<ReceiptState | null>
  draw(view: View): void
  /** Moves the focus to the element with this id and opens the folded sections around it. */
  focus(id: string): void
  /** Sets the document's language, direction, title and address. */
  showLanguage(texts: AppTexts): void
  /** While true, the browser asks before the page is left. */
  guardLeaving(isNeeded: boolean): void
  /** Replaces the page and its history entry immediately. */
  leave: () => void
}
