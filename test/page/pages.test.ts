import type { PastedReceipt } from '../../src/wire/read-receipt.ts'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../src/page/all-texts.ts'
import { LANGUAGES, type Language } from '../../src/page/languages.ts'
import {
  askReceiptPage,
  homePage,
  problemPage,
  receiptPage,
  sealedPage,
} from '../../src/page/pages.ts'
import type { ProblemCode } from '../../src/wire/problem-codes.ts'

const receipt = '0123456789abcdef'.repeat(4)
const keyring = {
  hex: 'f'.repeat(64),
  fingerprint: '12345 67890 00000 11111 22222 33333 44444 55555'.split(' '),
  recipients: [{ name: 'Kim', role: 'analyst' }],
  expires: '2027-11-23',
}
const script = { rootKey: 'RWroot' }
const problemNames = Object.keys(textsOf('en').problems.texts) as ProblemCode[]

function everyPage(language: Language): string[] {
  const frame = { language, isDemo: true }
  return [
    homePage({ ...frame, keyring, host: 'example.org', script }),
    sealedPage({ ...frame, keyring }),
    askReceiptPage({ ...frame, unknown: null, retentionDays: 30 }),
    askReceiptPage({
      ...frame,
      unknown: { pasted: 'abc', found: 'none' },
      retentionDays: 30,
    }),
    ...(['accepted', 'stored', 'collected'] as const).map((state) =>
      receiptPage({ ...frame, receipt, state }),
    ),
    ...problemNames.map((code) => problemPage({ ...frame, code, wasSending: true })),
  ]
}

const home = (language: Language, options: Partial<Parameters<typeof homePage>[0]> = {}): string =>
  homePage({
    language,
    isDemo: false,
    keyring,
    host: `${'a'.repeat(56)}.onion`,
    script,
    ...options,
  })

describe('every page', () => {
  it.each(LANGUAGES)(
    'in %s is complete, with nothing inline and nothing from another origin',
    (language) => {
      for (const page of everyPage(language)) {
        expect(page).toMatch(/^<!doctype html>\n<html lang="[\w-]+"( dir="rtl")?><head>/)
        expect(page).not.toMatch(
          /undefined|\[object|\sstyle=|\son\w+=|<style|<script(?! type="module"(?: async)? src="\/assets\/)|`|\{\w+\}/,
        )
        const urls = [...page.matchAll(/\s(?:href|src|action)="([^"]*)"/g)]
        expect(urls.length).toBeGreaterThan(3)
        for (const [, url] of urls) expect(url).toMatch(/^(\/(?!\/)|#main$|about:blank$)/)
        expect(page.match(/<h1/g)).toHaveLength(1)
        expect(page.match(/<main/g)).toHaveLength(1)
      }
    },
  )

  it.each(LANGUAGES)('in %s has no duplicate id', (language) => {
    for (const page of everyPage(language)) {
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
      expect(ids).toEqual([...new Set(ids)])
    }
  })

  it('has a tab title that does not reveal its purpose', () => {
    for (const language of LANGUAGES) expect(home(language)).toContain('<title>Notes</title>')
  })

  it('has a language switch that needs no script and marks the current language', () => {
    const page = home('ko')
    for (const language of LANGUAGES) expect(page).toContain(`href="/${language}/"`)
    expect(page.match(/aria-current/g)).toHaveLength(1)
    expect(page).toMatch(/<a href="\/ko\/" hreflang="ko" lang="ko" dir="ltr" aria-current="true">/)
    expect(
      askReceiptPage({ language: 'ko', isDemo: false, unknown: null, retentionDays: 30 }),
    ).toContain('href="/receipts?lang=zh"')
    expect(sealedPage({ language: 'ko', isDemo: false, keyring })).toContain(
      'href="/sealed?lang=zh"',
    )
  })

  it('has a quick exit that sends no request', () => {
    for (const page of everyPage('ru'))
      expect(page).toContain('<a class="leave" href="about:blank" rel="noreferrer">')
  })

  it('shows DEMO only with a demo keyring', () => {
    expect(home('en', { isDemo: true })).toContain('class="demo"')
    expect(home('en')).not.toContain('class="demo"')
  })

  it('is right-to-left only in Uyghur', () => {
    for (const language of LANGUAGES)
      expect(/^<html[^>]* dir="rtl"/m.test(home(language))).toBe(language === 'ug')
  })

  it('marks text in another language, and says so in its own', () => {
    const page = receiptPage({ language: 'ug', isDemo: false, receipt, state: 'stored' })
    expect(page).toContain(
      '<div class="receipt" lang="en" dir="ltr"><p class="hint" lang="ug" dir="rtl">',
    )
    expect(receiptPage({ language: 'zh', isDemo: false, receipt, state: 'stored' })).not.toContain(
      '<div class="receipt" lang',
    )
  })

  it('escapes its arguments', () => {
    const hostile = '"><script>alert(1)</script>'
    const pages = [
      home('en', {
        keyring: {
          ...keyring,
          recipients: [{ name: hostile, role: hostile }],
          hex: hostile,
          expires: hostile,
        },
        host: hostile,
      }),
      askReceiptPage({
        language: 'en',
        isDemo: false,
        unknown: { pasted: `</textarea>${hostile}`, found: 'none' },
        retentionDays: 30,
      }),
      receiptPage({ language: 'en', isDemo: false, state: 'stored', receipt: hostile }),
    ]
    for (const page of pages) expect(page).not.toMatch(/<script>|alert\(1\)<\/script|<\/textarea>"/)
  })
})

describe('homePage', () => {
  it('has the element for the app, which contains everything that works without it', () => {
    const page = home('ko')
    const place = page
      .slice(page.indexOf('<div id="app" data-language="ko">'), page.indexOf('</main>'))
      .replaceAll(/<span class="unbroken">([^<]*)<\/span>/g, '$1')
    expect(place).toContain('href="/offline-sealer.html?lang=')
    expect(place).toContain('age -R recipients.txt -o notes.age notes.tar')
    expect(place).toContain('age -R recipients-x25519.txt -o notes.age notes.tar')
    expect(place).toContain('tumen seal -o notes.age')
    expect(place).toContain(`name="keyring" value="${keyring.hex}"`)
    expect(place).toContain('action="/submissions?lang=ko" enctype="multipart/form-data"')
    expect(place.indexOf('name="keyring"')).toBeLessThan(place.indexOf('name="envelope"'))
    expect(page).toContain('<script type="module" src="/assets/app.js">')
  })

  it('requests first what takes longest: the worker and the keyring, before the style', () => {
    const [head = ''] = home('ko').split('</head>')
    const requested = [...head.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path)
    expect(requested.filter((path) => path !== '/icon.svg')).toEqual([
      '/assets/start.js',
      '/assets/style.css',
      '/assets/app.js',
      '/keyring.json',
      '/keyring.json.minisig',
      '/assets/app.js',
    ])
  })

  it('says who can open a tip, and the fingerprint of their keys', () => {
    const page = home('en')
    expect(page).toContain('<bdi class="staff-name">Kim</bdi>')
    expect(page).toContain('<span>12345</span> <span>67890</span>')
    expect(page).toContain('Valid until 2027-11-23')
  })

  it('lists the five things to know before it asks for anything', () => {
    const page = home('en')
    const order = [
      'inside China or North Korea',
      'only you use',
      'brokers, churches',
      'A photo carries hidden data',
      'may not be able to help',
      'id="app"',
    ]
    const places = order.map((words) => page.indexOf(words))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it.each([
    [`${'a'.repeat(56)}.onion`, null],
    [`${'a'.repeat(56)}.onion:80`, null],
    ['127.0.0.1:8440', 'You are seeing this page on the computer that serves it.'],
    ['localhost:8440', 'You are seeing this page on the computer that serves it.'],
    ['tips.example', 'You did not come by its onion address.'],
    ['x.onion.example', 'You did not come by its onion address.'],
    ['', 'You did not come by its onion address.'],
  ])('of %s: %s', (host, words) => {
    const page = home('en', { host })
    expect(page.includes('id="tor-facts"')).toBe(words !== null)
    if (words !== null) expect(page).toContain(words)
  })
})

describe('receiptPage', () => {
  it('shows sixteen groups of four', () => {
    const page = receiptPage({ language: 'ko', isDemo: false, receipt, state: 'accepted' })
    expect(page.match(/<span>[0-9a-f]{4}<\/span>/g)).toHaveLength(16)
    expect(page).toContain(textsOf('ko').receipt.states.accepted)
  })
})

describe('askReceiptPage', () => {
  it('posts, so that no URL contains a receipt', () => {
    expect(
      askReceiptPage({ language: 'ru', isDemo: false, unknown: null, retentionDays: 30 }),
    ).toContain('<form class="card" method="post" autocomplete="off" action="/receipts?lang=ru">')
  })

  const asked = (pasted: string, found: PastedReceipt['found']) =>
    askReceiptPage({
      language: 'en',
      isDemo: false,
      unknown: { pasted, found },
      retentionDays: 30,
    })

  it('says what may be wrong, and keeps the typed text for correction', () => {
    const short = asked(receipt.slice(1), 'none')
    expect(short).toContain(textsOf('en').receipts.noReceipt)
    expect(short).not.toContain('has not arrived')
    expect(short).toContain(`>${receipt.slice(1)}</textarea>`)
  })

  it('asks for one receipt where there are several', () => {
    const several = asked(`${receipt} ${'0'.repeat(64)}`, 'several')
    expect(several).toContain(textsOf('en').receipts.severalReceipts)
    expect(several).not.toContain(textsOf('en').receipts.noReceiptHeading)
    expect(several).not.toContain('has not arrived')
  })

  it('explains that an unknown receipt may have been forgotten some days after collection', () => {
    const unknown = asked(receipt, 'one')
    expect(unknown).toContain('30 days after our staff have collected the message')
    expect(unknown).not.toContain(textsOf('en').receipts.noReceipt)
  })
})

describe('problemPage', () => {
  it('says that nothing was kept if that is certain', () => {
    const saying = problemNames.filter((code) =>
      problemPage({ language: 'en', isDemo: false, code, wasSending: true }).includes(
        'Nothing was kept',
      ),
    )
    expect(saying).toContain('NOT_AGE')
    expect(saying).toContain('ABORTED')
    for (const code of ['INTERNAL', 'NOT_FOUND', 'CLOSED', 'OFFSET_CONFLICT'])
      expect(saying).not.toContain(code)
  })

  it('never says so to somebody who was sending nothing', () => {
    for (const code of problemNames)
      expect(problemPage({ language: 'en', isDemo: false, code, wasSending: false })).not.toContain(
        '<strong>Nothing was kept',
      )
  })

  it('links back to the start, unless that is unavailable too', () => {
    expect(
      problemPage({ language: 'zh', isDemo: false, code: 'NOT_AGE', wasSending: true }),
    ).toContain('class="button" href="/zh/"')
    expect(
      problemPage({ language: 'zh', isDemo: false, code: 'CLOSED', wasSending: true }),
    ).not.toContain('class="button"')
  })

  it.each([
    ['NOT_AGE', ['receipts', 'sealed']],
    ['DRAINING', ['receipts']],
    ['CLOSED', []],
  ] as const)('when it says %s, links to %j below', (code, paths) => {
    const links = [
      ...problemPage({ language: 'en', isDemo: false, code, wasSending: true }).matchAll(
        /href="\/(receipts|sealed)\?/g,
      ),
    ].map(([, path]) => path)
    expect(links).toEqual(paths)
  })
})
