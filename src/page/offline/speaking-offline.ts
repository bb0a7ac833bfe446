import { borrow, isBorrowed, type AppTexts, type DeferredWords } from '../app/speaking.ts'
import type { Language } from '../languages.ts'
import * as boFirst from '../languages/bo.ts?first'
import * as boLater from '../languages/bo.ts?later'
import * as boOffline from '../languages/bo.ts?offline'
import * as enFirst from '../languages/en.ts?first'
import * as enLater from '../languages/en.ts?later'
import * as enOffline from '../languages/en.ts?offline'
import * as koFirst from '../languages/ko.ts?first'
import * as koLater from '../languages/ko.ts?later'
import * as koOffline from '../languages/ko.ts?offline'
import * as ruFirst from '../languages/ru.ts?first'
import * as ruLater from '../languages/ru.ts?later'
import * as ruOffline from '../languages/ru.ts?offline'
import * as ugFirst from '../languages/ug.ts?first'
import * as ugLater from '../languages/ug.ts?later'
import * as ugOffline from '../languages/ug.ts?offline'
import * as zhFirst from '../languages/zh.ts?first'
import * as zhLater from '../languages/zh.ts?later'
import * as zhOffline from '../languages/zh.ts?offline'
import type { OfflineTexts } from '../texts.ts'

/** The words of all languages, which are part of this one file. */
const words: Readonly<
  Record<Language, { first: AppTexts; later: DeferredWords; offline: OfflineTexts }>
> = {
  bo: { first: boFirst.spoken, later: boLater.spoken, offline: boOffline.spoken.offline },
  en: { first: enFirst.spoken, later: enLater.spoken, offline: enOffline.spoken.offline },
  ko: { first: koFirst.spoken, later: koLater.spoken, offline: koOffline.spoken.offline },
  ru: { first: ruFirst.spoken, later: ruLater.spoken, offline: ruOffline.spoken.offline },
  ug: { first: ugFirst.spoken, later: ugLater.spoken, offline: ugOffline.spoken.offline },
  zh: { first: zhFirst.spoken, later: zhLater.spoken, offline: zhOffline.spoken.offline },
}

export const offlineTextsOf = (language: Language, rest?: Language): OfflineTexts =>
  wordsIn(language, rest).offline

/** The words of a language, with those that it does not have in the language that was chosen. */
function wordsIn(language: Language, rest: Language | undefined) {
  const own = words[language]
  if (!isBorrowed(own.first, rest)) return own
  const other = words[rest]
  return {
    first: borrow(own.first, other.first),
    later: borrow(own.later, other.later),
    offline: other.offline,
  }
}

/** The words of the page, with replacements for those that differ without a network. */
export function offlineFirst(language: Language, rest?: Language): AppTexts {
  const { first, offline } = wordsIn(language, rest)
  return {
    ...first,
    frame: { ...first.frame, quiet: offline.quiet },
    safety: { ...first.safety, lead: offline.lead },
    form: {
      ...first.form,
      send: { ...first.form.send, button: offline.button, loading: offline.loading },
    },
  }
}

export function offlineDeferred(language: Language, rest?: Language): DeferredWords {
  const { later: part, offline } = wordsIn(language, rest)
  const { sealing: heading, bar, keepOpen, cancel, askCancel, phases, tooLarge, saved } = offline
  const { later, receipt } = part
  return {
    ...part,
    // Nothing has been delivered yet, and no text may claim that it has.
    receipt: {
      ...receipt,
      states: { accepted: saved.heading, stored: saved.heading, collected: saved.heading },
    },
    later: {
      ...later,
      sending: {
        ...later.sending,
        heading,
        bar,
        keepOpen,
        cancel,
        askCancel,
        phases: { ...later.sending.phases, ...phases },
      },
      failures: { ...later.failures, TOO_LARGE: tooLarge },
    },
  }
}
