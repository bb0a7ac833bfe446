import { LANGUAGE_DIRECTIONS, LANGUAGE_TAGS, type Language } from '../languages.ts'
import { LEAVE_TARGET } from '../view/frame.ts'
import type { runApp } from './run-app.ts'
import { detectThirdPress } from './third-press.ts'

/** Moves the focus to the element with this id and opens the folded sections around it. */
export function focusOn(id: string): void {
  const element = document.getElementById(id)
  for (let fold = element?.closest('details'); fold; fold = fold.parentElement?.closest('details'))
    fold.open = true
  element?.focus()
}

/**
 * Sets the document's language and title. The title is the same in every language and does not
 * reveal what the page is for.
 */
export function markLanguage(language: Language): void {
  document.documentElement.lang = LANGUAGE_TAGS[language]
  document.documentElement.dir = LANGUAGE_DIRECTIONS[language]
}

const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault()

/**
 * Adds the listener only while it is needed: otherwise browsers could not keep the page in their
 * back/forward cache.
 */
export const guardLeaving = (isNeeded: boolean): void =>
  isNeeded
    ? addEventListener('beforeunload', askBeforeLeaving)
    : removeEventListener('beforeunload', askBeforeLeaving)

/**
 * Copies a text. The newer interface needs a secure context, which an onion address is not
 * everywhere. @returns whether the browser did it
 */
export function copyText(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  return isCopied
}

export function leavePage(): void {
  document.title = ''
  document.body.replaceChildren()
  location.replace(LEAVE_TARGET)
}

export function listenTo(app: ReturnType<typeof runApp>): void {
  const isThird = detectThirdPress()
  addEventListener(
    'keydown',
    (event) => {
      // While an input method is composing characters, Escape belongs to it.
      if (event.key === 'Escape' && !event.isComposing && !event.repeat && isThird(event.timeStamp))
        app.leave()
    },
    true,
  )
  for (const type of ['error', 'unhandledrejection'] as const)
    addEventListener(type, (event) => {
      // The error may quote what was typed, so it must not reach the console.
      event.preventDefault()
      app.break()
    })
  // A file dropped next to its field must not replace the page and everything typed.
  for (const type of ['dragover', 'drop'] as const)
    addEventListener(type, (event) => event.preventDefault())
}
