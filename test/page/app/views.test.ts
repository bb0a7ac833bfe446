import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { App } from '../../../src/page/app/app.ts'
import type { AppState } from '../../../src/page/app/state.ts'
import { LANGUAGE_TAGS, LANGUAGES } from '../../../src/page/languages.ts'
import { noActions, statesIn } from './states.ts'

const draw = (state: AppState): string => renderToString(h(App, { state, actions: noActions }))

interface Tag {
  name: string
  attributes: Record<string, string>
}

function tagsOf(markup: string): Tag[] {
  return [...markup.matchAll(/<([a-z][a-z0-9]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    ([, name = '', rest = '']) => ({
      name,
      attributes: Object.fromEntries(
        [...rest.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [
          key,
          value,
        ]),
      ),
    }),
  )
}

const headingsOf = (markup: string): string[] =>
  [...markup.matchAll(/<h\d[^>]*>(.*?)<\/h\d>/g)].map(([, heading = '']) => heading)

/** Wrong references between elements, which matter to people who use a screen reader. */
function faults(markup: string): string[] {
  const tags = tagsOf(markup)
  const ids = tags.flatMap(({ attributes: { id } }) => id ?? [])
  const labels = tags
    .filter(({ name }) => name === 'label')
    .map(({ attributes }) => attributes['for'])
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two of #${id}`),
    ...tags.flatMap(({ attributes }) =>
      ['for', 'aria-describedby', 'aria-labelledby'].flatMap((key) =>
        (attributes[key]?.split(' ') ?? [])
          .filter((id) => !ids.includes(id))
          .map((id) => `${key} #${id} is nowhere`),
      ),
    ),
    ...tags
      .filter(
        ({ name, attributes: { type } }) =>
          /^(input|textarea|select)$/.test(name) && type !== 'hidden',
      )
      .filter(({ attributes: { id } }) => id === undefined || !labels.includes(id))
      .map(({ attributes }) => `no label for ${attributes['name']}`),
    ...tags
      .filter(
        ({ name, attributes: { type, dir } }) =>
          (name === 'textarea' || (name === 'input' && type === 'text')) && dir !== 'auto',
      )
      .map(({ attributes }) => `no dir=auto on ${attributes['name']}`),
    ...tags
      .filter(({ name, attributes: { type } }) => name === 'textarea' || type === 'text')
      .filter(
        ({ attributes: { spellcheck, autocapitalize } }) =>
          [spellcheck, autocapitalize].join() !== 'false,none',
      )
      .map(({ attributes }) => `offered to a service: ${attributes['name']}`),
    ...tags
      .filter(
        ({ name, attributes: { name: own } }) => /^(input|textarea|select)$/.test(name) && !own,
      )
      .map(({ name }) => `no name on ${name}`),
    ...headingsOf(markup)
      .filter((heading, index, all) => all.indexOf(heading) !== index)
      .map((heading) => `heading twice: ${heading}`),
    ...tags
      .filter(
        ({ name, attributes: { autocomplete } }) =>
          /^(input|textarea|select)$/.test(name) && autocomplete !== 'off',
      )
      .map(({ attributes }) => `kept by the browser: ${attributes['name']}`),
    ...tags
      .filter(({ name, attributes: { type } }) => name === 'button' && type === undefined)
      .map(({ attributes }) => `no type on #${attributes['id']}`),
    ...tags
      .filter(({ attributes: { style } }) => style !== undefined)
      .map(({ name }) => `style on ${name}`),
    ...[...markup.matchAll(/undefined|\[object|NaN|\{\w+\}/g)].map(([text]) => `shows ${text}`),
    ...(/<fieldset[^>]*>(?!<legend)/.test(markup) ? ['a fieldset without its legend'] : []),
  ]
}

describe.each(LANGUAGES)('the page in %s', async (language) => {
  const states = await statesIn(language)

  it.each(Object.keys(states))('has valid labels and references in the state %s', (name) => {
    expect(faults(draw(states[name] as AppState))).toEqual([])
  })

  it('shows what people wrote as plain text', () => {
    const markup = draw(states['problems'] as AppState)
    expect(markup).toContain('&lt;script')
    expect(markup).not.toMatch(/<script|<b>|<img/)
  })
})

describe('the page', async () => {
  const states = await statesIn('en')
  const drawn = (name: string): string => draw(states[name] as AppState)

  it('says what is wrong at each invalid field and in the summary above', () => {
    const markup = drawn('problems')
    expect(markup).toContain('href="#files-25-remove"')
    expect(markup).toMatch(/id="files-25-remove"/)
    expect(markup).toContain('<bdi>e.pdf</bdi>: ')
  })

  it('says to whom a tip is sealed, and nothing before that is verified', () => {
    expect(drawn('form').split('id="keyring"')[1]?.split('<footer')[0]).toContain(
      '김연구</bdi>, <bdi>Desk &amp; &lt;Co>',
    )
    expect(drawn('form')).toContain('01234 56789')
    expect(drawn('without keys')).not.toContain('01234')
    expect(drawn('without keys')).toContain('id="retry-keyring"')
  })

  it('says DEMO next to the send button', () => {
    expect(drawn('demo').match(/class="demo"/g)).toHaveLength(2)
    expect(drawn('form')).not.toContain('DEMO')
  })

  it.each([['preparing'], ['sending'], ['waiting'], ['paused'], ['finishing']])(
    'shows the phase %s',
    (phase) => {
      expect(drawn(phase)).toContain(`data-phase="${phase}"`)
    },
  )

  it('contains no text of the tip next to the receipt, and no receipt once it is cleared', () => {
    expect(drawn('receipt')).toContain(`data-receipt="${'0123456789abcdef'.repeat(4)}"`)
    expect(drawn('receipt')).toContain('>0123<')
    expect(drawn('receipt')).not.toContain('textarea')
    expect(drawn('cleared')).not.toMatch(/>0123<|data-receipt|textarea/)
  })

  it('never asks for the number of an identity document', () => {
    expect(drawn('full')).not.toMatch(/passport|id[_-]?doc|identity card/i)
  })
})

describe('"ask me first"', () => {
  it('promises a question only where somebody can be answered', async () => {
    const { form, 'keys unknown': noIndex } = await statesIn('en')
    if (form === undefined || noIndex === undefined) throw new Error('the states are missing')
    if (typeof form.deferred === 'string') throw new Error('not everything is loaded')
    const { hints } = form.texts.form.consent
    const { unanswered } = form.deferred.spoken.words
    const drawn = (state: AppState) => ({
      isPromised: draw(state).includes(hints.ask_me),
      isRefused: draw(state).includes(unanswered.ask_me),
    })
    expect(drawn(form)).toEqual({ isPromised: true, isRefused: false })
    expect(drawn(noIndex)).toEqual({ isPromised: false, isRefused: true })
    // A page without a network has no index until it is given a file with answers.
    expect(drawn({ ...form, address: 'none' })).toEqual({ isPromised: false, isRefused: true })
    const asked = draw({ ...noIndex, isAskingConsent: true })
    expect(asked).toContain(unanswered.unchosen)
  })
})

describe('words that were entered before staff have answered anybody', () => {
  it('are not called wrong', async () => {
    const { 'nothing for anybody': state } = await statesIn('en')
    if (state === undefined) throw new Error('the state is missing')
    expect(draw(state)).toContain('id="nobody-yet"')
    expect(draw(state)).not.toContain('id="nothing-found"')
  })
})

describe('a replayed keyring', () => {
  it('hides the answers, and asks for no words', async () => {
    const { 'answers replayed': replayed, 'answers opened': opened } = await statesIn('en')
    if (replayed === undefined || opened === undefined) throw new Error('the states are missing')
    expect(draw(opened)).toContain('data-answer=')
    expect(draw(replayed)).toContain('id="replayed"')
    expect(draw(replayed)).not.toMatch(/data-answer=|id="enter-words"/)
  })
})

describe('the warning under an answer', () => {
  it.each([...LANGUAGES])('is in the language of the page in %s', async (language) => {
    const { 'answers opened': opened } = await statesIn(language)
    if (opened === undefined) throw new Error('the state is missing')
    const [, tag = ''] = /<p class="[^"]*answer-warning"([^>]*)>/.exec(draw(opened)) ?? []
    expect(tag).toContain(`lang="${LANGUAGE_TAGS[language]}"`)
  })
})
