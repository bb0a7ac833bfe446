import { h, type ComponentChild } from 'preact'
import type { OrganisationWords } from '../../keyring/organisation.ts'
import type { Language } from '../languages.ts'
import type { Spoken } from '../texts.ts'
import { languageAttributes, languageOfGroup } from './wording.ts'

/** What the organisation says of itself, in the language that fits the page best. */
export interface OrganisationFacts {
  language: Language
  words: OrganisationWords
  addresses: readonly string[]
}

/** The top of every page: who runs it, what they do with a tip, and whom else to turn to. */
export function Who({
  texts,
  organisation,
}: {
  texts: Spoken<'organisation'>
  organisation: OrganisationFacts | null
}): ComponentChild {
  const labels = texts.organisation
  return h(
    'section',
    {
      class: 'who',
      'aria-label': labels.who,
      ...languageOfGroup(texts, 'organisation'),
    },
    h('p', null, h('strong', null, labels.who), ' ', nameOf(texts, organisation)),
    organisation === null
      ? null
      : h(
          'details',
          null,
          h('summary', null, labels.more),
          Part(labels.about, organisation, organisation.words.about),
          Part(labels.reading, organisation, organisation.words.reading),
          Part(labels.elsewhere, organisation, organisation.words.elsewhere),
          Addresses(labels.addresses, organisation.addresses),
        ),
  )
}

function nameOf(
  { organisation: labels }: Spoken<'organisation'>,
  organisation: OrganisationFacts | null,
): ComponentChild {
  if (organisation === null) return labels.missing
  const { words, language } = organisation
  return words.name === undefined
    ? labels.silence
    : h('bdi', languageAttributes(language), words.name)
}

function Part(label: string, { language }: OrganisationFacts, text: string): ComponentChild {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return [
    h('p', { class: 'label' }, label),
    lines.map((line) => h('p', languageAttributes(language), line)),
  ]
}

function Addresses(label: string, addresses: readonly string[]): ComponentChild {
  if (addresses.length === 0) return null
  return [
    h('p', { class: 'label' }, label),
    h(
      'ul',
      null,
      // Text and not links: following a link would show where a visitor came from.
      addresses.map((address) => h('li', null, h('code', { dir: 'ltr' }, address))),
    ),
  ]
}
