import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../../src/page/all-texts.ts'
import { LANGUAGES } from '../../../src/page/languages.ts'
import {
  askReceiptPage,
  homePage,
  organisationFor,
  problemPage,
  receiptPage,
  sealedPage,
} from '../../../src/page/pages.ts'
import { Staff } from '../../../src/page/view/staff.ts'
import { type OrganisationFacts, Who } from '../../../src/page/view/who.ts'
import type { Organisation } from '../../../src/keyring/organisation.ts'

const words = { about: 'We help.\nWe read.', reading: 'Each day.', elsewhere: 'The others.' }
const organisation: Organisation = {
  format: 'tumen-organisation',
  version: 1,
  languages: { en: { name: 'Us', ...words, title: 'Recipes' }, zh: words },
  addresses: [`http://${'a'.repeat(56)}.onion`],
}
const hex = '0123456789abcdef'.repeat(4)
const keyring = { hex, fingerprint: ['55386'], recipients: [], expires: '2027-11-24' }

function pagesWith(language: (typeof LANGUAGES)[number], said: Organisation | null): string[] {
  const frame = { language, isDemo: false, organisation: said }
  return [
    homePage({ ...frame, keyring, host: 'x.onion', script: { rootKey: 'RWroot' } }),
    sealedPage({ ...frame, keyring }),
    askReceiptPage({ ...frame, unknown: null, retentionDays: 30 }),
    receiptPage({ ...frame, receipt: hex, state: 'stored' }),
    problemPage({ ...frame, code: 'CLOSED', wasSending: true }),
    problemPage({ ...frame, code: 'NOT_AGE', wasSending: true }),
  ]
}

const draw = (facts: OrganisationFacts | null) =>
  renderToStaticMarkup(h(Who, { texts: textsOf('en'), organisation: facts }))

describe('every static page', () => {
  it.each(LANGUAGES)('in %s says at its top who runs it', (language) => {
    for (const page of pagesWith(language, organisation)) {
      const top = page.slice(0, page.indexOf('<main'))
      for (const text of ['We help.', 'We read.', 'Each day.', 'The others.', '.onion</code>'])
        expect(top).toContain(text)
    }
  })

  it.each(LANGUAGES)('in %s says honestly that nobody has said it', (language) => {
    const { missing, silence } = textsOf(language).organisation
    for (const page of pagesWith(language, null)) {
      expect(page).toContain(missing)
      expect(page).not.toContain(silence)
    }
  })

  it('has the title that the organisation chose, and a neutral one otherwise', () => {
    for (const page of pagesWith('en', organisation))
      expect(page).toContain('<title>Recipes</title>')
    for (const page of [...pagesWith('zh', organisation), ...pagesWith('en', null)])
      expect(page).toContain('<title>Notes</title>')
  })
})

describe('Who', () => {
  it('explains a name that was left out on purpose', () => {
    const facts = organisationFor(organisation, 'zh')
    expect(facts?.words.name).toBeUndefined()
    expect(draw(facts)).toContain(textsOf('en').organisation.silence)
  })

  it('marks words in another language, and shows them when there are no others', () => {
    expect(draw(organisationFor(organisation, 'ko'))).toContain('<bdi lang="en" dir="ltr">Us</bdi>')
  })

  it('shows markup as text, and no link', () => {
    const html = draw({
      language: 'en',
      words: { name: '<img src=x>', ...words, about: '<a href="http://evil">x</a>' },
      addresses: ['http://evil.onion/"><script>'],
    })
    expect(html).not.toMatch(/<(?:img|a|script)\b/u)
    expect(html).toContain('&lt;img src=x')
  })

  it('never ends the attribute that carries the words to the script', () => {
    const hostile = {
      ...organisation,
      languages: { en: { ...words, name: '"><script>x</script>' } },
    }
    const page = homePage({
      language: 'en',
      isDemo: false,
      organisation: hostile,
      keyring,
      host: 'x.onion',
      script: { rootKey: 'RWroot' },
    })
    expect(page).not.toContain('<script>x')
  })
})

describe('Staff', () => {
  it('calls known roles what they are called in the language, and shows others as written', () => {
    const recipients = ['analyst', 'Analyst', 'case worker', 'friend of the house'].map((role) => ({
      name: 'Kim',
      role,
    }))
    const html = renderToStaticMarkup(
      h(Staff, { texts: textsOf('ko'), keyring: { ...keyring, recipients } }),
    )
    expect(html.match(/분석 담당/gu)).toHaveLength(2)
    expect(html).toContain('사례 담당')
    expect(html).toContain('friend of the house')
    expect(html).not.toMatch(/analyst/iu)
  })
})
