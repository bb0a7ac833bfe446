import { h, type ComponentChildren, type ComponentChild } from 'preact'
import { type Language, LANGUAGE_NAMES, LANGUAGE_TAGS, LANGUAGES } from '../languages.ts'
import type { Spoken } from '../texts.ts'
import { type KeyringFacts, Staff } from './staff.ts'
import { type OrganisationFacts, Who } from './who.ts'
import { languageAttributes } from './wording.ts'

/**
 * The only words of this site in a tab, in a list of windows, or visible at a glance over a
 * person's shoulder. They reveal nothing. "Tumen" would, because it is also the border river and
 * the town where people are held before they are handed over.
 */
export const PAGE_NAME = 'Notes'

/** The title that the organisation chose, or the neutral one. */
export function titleOf(organisation: OrganisationFacts | null): string {
  return organisation?.words.title ?? PAGE_NAME
}

/**
 * A page that needs no server: it opens at once even if the circuit is dead, and its address
 * reveals nothing. With scripts, `location.replace` leaves no history entry to return to.
 */
export const LEAVE_TARGET = 'about:blank'

export interface FrameProps {
  texts: Spoken<'frame' | 'leave' | 'organisation'>
  organisation: OrganisationFacts | null
  isDemo: boolean
  /** Whether a script draws this page, so that the shortcut keys work. */
  isScript: boolean
  /** Whether this page is a single file and has no other pages to link to. */
  isAlone?: boolean
  /**
   * Which pages cannot be linked to: all of them when the keyring has expired, and all but the one
   * for receipts while the intake is drained.
   */
  closed?: 'CLOSED' | 'DRAINING'
  /** Null until a keyring has been checked. */
  keyring: KeyringFacts | null
  /**
   * The address to which the link of a language leads without scripts; the start page by default.
   */
  hrefOf?: (language: Language) => string
  onLanguage?: (language: Language) => void
  onLeave?: () => void
  children?: ComponentChildren
}

/** The header and footer of every page. */
export function Frame(props: FrameProps): ComponentChild {
  const { texts, organisation, keyring, isAlone, closed, children } = props
  return h(
    'div',
    { class: 'page' },
    h('a', { class: 'skip', href: '#main' }, texts.frame.skip),
    h(Header, props),
    h(Who, { texts, organisation }),
    h('main', { id: 'main', tabIndex: -1 }, children),
    h(
      'footer',
      { class: 'footer' },
      keyring === null ? null : h(Staff, { texts, keyring }),
      isAlone || closed === 'CLOSED'
        ? null
        : h(
            'ul',
            { class: 'footer-links' },
            h('li', null, h('a', { href: `/receipts?lang=${texts.language}` }, texts.frame.ask)),
            closed === 'DRAINING'
              ? null
              : h(
                  'li',
                  null,
                  h('a', { href: `/sealed?lang=${texts.language}` }, texts.frame.sealed),
                ),
          ),
      h('p', { class: 'hint' }, texts.frame.quiet),
    ),
  )
}

function Header(props: FrameProps): ComponentChild {
  const { texts, organisation, isDemo, isScript, isAlone, onLeave } = props
  const title = titleOf(organisation)
  return h(
    'header',
    { class: 'header' },
    isDemo ? h('p', { class: 'demo' }, texts.frame.demo) : null,
    h(
      'div',
      { class: 'bar' },
      isAlone
        ? h('p', { class: 'name' }, title)
        : h('a', { class: 'name', href: startOf(texts.language) }, title),
      h(
        'p',
        { class: 'leaving' },
        isScript ? h('span', { class: 'hint' }, texts.leave.keys) : null,
        h(
          'a',
          { class: 'leave', href: LEAVE_TARGET, rel: 'noreferrer', onClick: onPlainClick(onLeave) },
          texts.leave.link,
        ),
      ),
    ),
    h(Languages, props),
  )
}

function Languages({ texts, hrefOf = startOf, onLanguage }: FrameProps): ComponentChild {
  const entries = LANGUAGES.map((language) =>
    h(
      'li',
      { key: language },
      h(
        'a',
        {
          href: hrefOf(language),
          hreflang: LANGUAGE_TAGS[language],
          ...languageAttributes(language),
          'aria-current': language === texts.language ? ('true' as const) : undefined,
          onClick: onPlainClick(onLanguage && (() => onLanguage(language))),
        },
        LANGUAGE_NAMES[language],
      ),
    ),
  )
  return h(
    'nav',
    { class: 'languages', 'aria-label': texts.frame.languages },
    h('ul', null, entries),
  )
}

export function startOf(language: Language): string {
  return `/${language}/`
}

/** The page on which answers are read. */
export function answersOf(language: Language): string {
  return `/${language}/answers`
}

/** Calls `act` and does not follow the link, unless the link is to open elsewhere. */
function onPlainClick(act: (() => void) | undefined): ((event: MouseEvent) => void) | undefined {
  if (act === undefined) return undefined
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    act()
  }
}
