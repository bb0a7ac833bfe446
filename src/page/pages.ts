import { h, type ComponentChild } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { organisationIn, type Organisation } from '../keyring/organisation.ts'
import { keyringPath, keyringSignaturePath } from '../wire/names.ts'
import { textsOf } from './all-texts.ts'
import { fallbacksOf, LANGUAGE_DIRECTIONS, LANGUAGE_TAGS, type Language } from './languages.ts'
import type { ProblemCode } from '../wire/problem-codes.ts'
import { ROOT_KEY_NAME } from './root-key.ts'
import type { ReceiptState, SpokenTexts } from './texts.ts'
import { AnswersPage, Returning } from './view/answers-page.ts'
import { AskReceipt, type UnknownReceipt } from './view/ask-receipt.ts'
import { answersOf, Frame, titleOf } from './view/frame.ts'
import { Closed, Problem } from './view/problem.ts'
import { Receipt } from './view/receipt.ts'
import { Safety } from './view/safety.ts'
import type { KeyringFacts } from './view/staff.ts'
import type { OrganisationFacts } from './view/who.ts'
import { addressOf, TorFacts } from './view/tor-facts.ts'
import { Sealed, WithoutScript } from './view/without-script.ts'

/** What every document needs, with or without scripts. */
export interface PageFrame {
  language: Language
  isDemo: boolean
  /** If null or left out, there is no description that the root signed, and the page says so. */
  organisation?: Organisation | null
}

export interface ServedFacts extends KeyringFacts {
  /** The fingerprint as 64 hex digits. */
  hex: string
}

export const STYLE_PATH = '/assets/style.css'
/** Starts what takes longest. It is small, and first in the page. */
const START_PATH = '/assets/start.js'
const APP_PATH = '/assets/app.js'
/** Empties the box for a receipt when the page is left. */
const FORGET_PATH = '/assets/forget.js'
export const ICON_PATH = '/icon.svg'

/** What a page with scripts needs. */
export interface ScriptFacts {
  /** The base64 line of `root.pub`. */
  rootKey: string
  /** The paths of the modules that the script loads first. */
  preloads?: readonly string[]
}

/**
 * The start page.
 * @param options.host the host as the browser named it
 */
export function homePage(
  options: PageFrame & { keyring: ServedFacts; host: string; script: ScriptFacts },
): string {
  const { language, keyring, host } = options
  const texts = textsOf(language)
  return documentOf({ ...options, texts }, [
    h(Returning, { texts }),
    h(Safety, { texts }),
    h(TorFacts, { texts, facts: { address: addressOf(host), isTorBrowser: null } }),
    h(
      'div',
      {
        id: 'app',
        'data-language': language,
      },
      h(WithoutScript, { texts, fingerprintHex: keyring.hex }),
    ),
    OrganisationForApp(options),
  ])
}

/**
 * The page on which answers are read. It needs no host, because people who come back know the way.
 */
export function answersPage(options: PageFrame & { script: ScriptFacts }): string {
  const { language } = options
  const texts = textsOf(language)
  return documentOf({ ...options, texts, hrefOf: answersOf }, [
    h(
      'div',
      { id: 'app', 'data-language': language, 'data-screen': 'answers' },
      h(AnswersPage, { texts }),
    ),
    OrganisationForApp(options),
  ])
}

/** Lets the app draw the same words again without a request. */
const OrganisationForApp = ({ organisation, language }: PageFrame): ComponentChild =>
  h('div', {
    hidden: true,
    'data-organisation': JSON.stringify(organisationFor(organisation, language)),
  })

export function sealedPage(options: PageFrame & { keyring: ServedFacts }): string {
  const texts = textsOf(options.language)
  return documentOf({ ...options, texts, path: '/sealed' }, [
    h(Sealed, { texts, fingerprintHex: options.keyring.hex }),
  ])
}

export function askReceiptPage(
  options: PageFrame & { unknown: UnknownReceipt | null; retentionDays: number },
): string {
  const { unknown, retentionDays } = options
  const texts = textsOf(options.language)
  return documentOf({ ...options, texts, path: '/receipts', forgets: true }, [
    h(AskReceipt, { texts, unknown, retentionDays }),
  ])
}

export function receiptPage(options: PageFrame & { receipt: string; state: ReceiptState }): string {
  const { receipt, state } = options
  const texts = textsOf(options.language)
  return documentOf({ ...options, texts, path: '/receipts' }, [
    h(Receipt, { texts, receipt, state }),
  ])
}

/** @param options.wasSending whether a tip was being sent, so that the page says what was kept */
export function problemPage(
  options: PageFrame & { code: ProblemCode; wasSending: boolean },
): string {
  const { code, wasSending } = options
  const texts = textsOf(options.language)
  if (code === 'CLOSED' || code === 'DRAINING')
    return documentOf({ ...options, texts, closed: code }, [h(Closed, { texts, code })])
  return documentOf({ ...options, texts }, [h(Problem, { texts, code, wasSending })])
}

interface DocumentOptions extends PageFrame {
  texts: SpokenTexts
  keyring?: ServedFacts
  script?: ScriptFacts
  /** Whether what is typed is removed when the page is left. */
  forgets?: boolean
  /**
   * The path of this page without the language; if it has no address of its own, links to other
   * languages lead to the start.
   */
  path?: string
  /** For a page with an address of its own in each language. */
  hrefOf?: (language: Language) => string
  closed?: 'CLOSED' | 'DRAINING'
}

function documentOf(options: DocumentOptions, children: ComponentChild[]): string {
  const { language, texts, isDemo, keyring = null, path, closed } = options
  const organisation = organisationFor(options.organisation, language)
  const withPath = (other: Language): string => `${path}?lang=${other}`
  const hrefOf = options.hrefOf ?? (path === undefined ? undefined : withPath)
  const isRightToLeft = LANGUAGE_DIRECTIONS[language] === 'rtl'
  const page = h(
    'html',
    { lang: LANGUAGE_TAGS[language], dir: isRightToLeft ? ('rtl' as const) : undefined },
    h(Head, { ...options, title: titleOf(organisation) }),
    h(
      'body',
      null,
      h(
        'div',
        { id: 'page' },
        h(
          Frame,
          {
            texts,
            organisation,
            isDemo,
            keyring,
            isScript: false,
            ...(hrefOf === undefined ? {} : { hrefOf }),
            ...(closed === undefined ? {} : { closed }),
          },
          children,
        ),
      ),
    ),
  )
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}

function Head({ title, script, forgets }: DocumentOptions & { title: string }): ComponentChild {
  return h(
    'head',
    null,
    h('meta', { charset: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('meta', { name: 'referrer', content: 'no-referrer' }),
    h('meta', { name: 'robots', content: 'noindex, nofollow' }),
    // Groups of digits in a receipt are not telephone numbers.
    h('meta', { name: 'format-detection', content: 'telephone=no' }),
    // Tabs and lists of windows show the title. It reveals nothing unless the organisation chose
    // one itself.
    h('title', null, title),
    h('link', { rel: 'icon', href: ICON_PATH, type: 'image/svg+xml' }),
    script === undefined
      ? h('link', { rel: 'stylesheet', href: STYLE_PATH })
      : h(StyleAndScripts, script),
    forgets === true ? h('script', { type: 'module', src: FORGET_PATH }) : null,
  )
}

/**
 * In the order in which they are to be requested. A browser opens six connections at most, and over
 * Tor each further step costs about a second.
 */
const StyleAndScripts = ({ rootKey, preloads = [] }: ScriptFacts): ComponentChild => [
  h('meta', { name: ROOT_KEY_NAME, content: rootKey }),
  // Unlike other modules, an `async` one does not wait for the style.
  h('script', { type: 'module', async: true, src: START_PATH }),
  h('link', { rel: 'stylesheet', href: STYLE_PATH }),
  [APP_PATH, ...preloads].map((href) => h('link', { rel: 'modulepreload', href })),
  [keyringPath, keyringSignaturePath].map((href) =>
    h('link', { rel: 'preload', as: 'fetch', href, crossOrigin: 'anonymous' }),
  ),
  h('script', { type: 'module', src: APP_PATH }),
]

/** The organisation's own words for a page in this language. */
export function organisationFor(
  organisation: Organisation | null | undefined,
  language: Language,
): OrganisationFacts | null {
  if (organisation == null) return null
  return {
    ...organisationIn(organisation, [language, ...fallbacksOf(language)]),
    addresses: organisation.addresses,
  }
}
