import { h, type ComponentChild } from 'preact'
import type { Lines, Spoken } from '../texts.ts'
import { ForeignNote, items, paragraphs, languageOfGroup } from './wording.ts'

export interface VisitFacts {
  /** `local`: on the machine that serves the page. `none`: the page is a file on this device. */
  address: 'onion' | 'local' | 'open' | 'none'
  /** Null when it cannot be known, as on the server. */
  isTorBrowser: boolean | null
}

/** Calm notes about the connection that never block the page. */
export function TorFacts({
  texts,
  facts,
}: {
  texts: Spoken<'torFacts'>
  facts: VisitFacts
}): ComponentChild {
  const words = texts.torFacts
  const lines = linesOf(texts, facts)
  if (lines.length === 0) return null
  return h(
    'aside',
    { class: 'notice', 'aria-labelledby': 'tor-facts', ...languageOfGroup(texts, 'torFacts') },
    h(ForeignNote, { texts, group: 'torFacts' }),
    h('h2', { id: 'tor-facts' }, words.heading),
    paragraphs(lines),
    h(
      'details',
      { class: 'more' },
      h('summary', null, words.todo),
      h('ul', null, items(words.steps)),
    ),
    h('p', null, words.yourChoice),
  )
}

function linesOf(
  { torFacts: words }: Spoken<'torFacts'>,
  { address, isTorBrowser }: VisitFacts,
): Lines {
  if (address === 'local') return words.local
  return [
    ...(address === 'open' ? words.notOnion : []),
    ...(isTorBrowser === false ? words.notTorBrowser : []),
  ]
}

/** @param host with or without a port, as in the header `Host` or in `location.host` */
export function addressOf(host: string): VisitFacts['address'] {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (name.endsWith('.onion')) return 'onion'
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(name) ? 'local' : 'open'
}
