import { LANGUAGE_DIRECTIONS, LANGUAGE_TAGS, type Language } from '../languages.ts'
import { LEAVE_TARGET } from '../view/frame.ts'
import type { runApp } from './run-app.ts'
import { countThrice } from './thrice.ts'

/** To what carries this id, opening what it is folded into. */
export function focusOn(id: string): void {
  const element = document.getElementById(id)
  for (let fold = element?.closest('details'); fold; fold = fold.parentElement?.closest('details'))
    fold.open = true
  element?.focus()
}

/** The title is the same in every language, and says nothing of what this is. */
export function markLanguage(language: Language): void {
  document.documentElement.lang = LANGUAGE_TAGS[language]
  document.documentElement.dir = LANGUAGE_DIRECTIONS[language]
}

const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault()

/** A listener that is always there would keep browsers from a quick way back. */
export const guardLeaving = (isNeeded: boolean): void =>
  isNeeded
    ? addEventListener('beforeunload', askBeforeLeaving)
    : removeEventListener('beforeunload', askBeforeLeaving)

export function leavePage(): void {
  document.title = ''
  document.body.replaceChildren()
  location.replace(LEAVE_TARGET)
}

export function listenTo(app: ReturnType<typeof runApp>): void {
  const isThird = countThrice()
  addEventListener(
    'keydown',
    (event) => {
      // While characters are being put together Escape belongs to them.
      if (event.key === 'Escape' && !event.isComposing && !event.repeat && isThird(event.timeStamp))
        app.leave()
    },
    true,
  )
  for (const type of ['error', 'unhandledrejection'] as const)
    addEventListener(type, (event) => {
      // What broke may quote what was typed: it is not for the console.
      event.preventDefault()
      app.break()
    })
  // A file dropped beside its field must not replace the page and all that was typed.
  for (const type of ['dragover', 'drop'] as const)
    addEventListener(type, (event) => event.preventDefault())
}
