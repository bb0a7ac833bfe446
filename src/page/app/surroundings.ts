import type { Language } from '../languages.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { ReceiptState } from '../texts.ts'
import type { VisitFacts } from '../view/tor-facts.ts'
import type { FileKind } from './file-draft.ts'
import type { AppTexts, LaterPart } from './speaking.ts'
import type { Later, View } from './state.ts'

/** What the app needs of the browser, so that it runs without one in tests. */
export interface Surroundings {
  address: VisitFacts['address']
  now: () => Date
  startSealer(): Sealer
  kindOf: (file: File) => Promise<FileKind>
  loadTexts(language: Language): Promise<AppTexts>
  loadLaterTexts(texts: AppTexts): Promise<LaterPart>
  loadLaterCode(): Promise<Later['code']>
  /** Null: not known. Rejects when there is no answer. */
  askReceipt: (receipt: string) => Promise<ReceiptState | null>
  draw(view: View): void
  /** To what carries this id, opening what it is folded into. */
  focus(id: string): void
  /** Language and direction of the document, its title and its address. */
  showLanguage(texts: AppTexts): void
  /** While true, leaving asks first. */
  guardLeaving(isNeeded: boolean): void
  /** Replaces the page and its entry in the history, at once. */
  leave: () => void
}
