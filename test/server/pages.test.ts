import { describe, expect, it } from 'vitest'
import { Html, html } from '../../src/page/html.ts'
import { LANGUAGES } from '../../src/page/languages.ts'
import { problemPage, receiptPage } from '../../src/page/pages.ts'
import { PROBLEM_STATUS, type ProblemCode } from '../../src/server/errors.ts'
import { PROBLEM_TEXTS } from '../../src/server/problem-texts.ts'

describe('html', () => {
  it('escapes inserts and leaves markup of its own alone', () => {
    const inner = html`<b>${`<&>"'`}</b>`
    expect(html`<a title="${'"'}">${inner}${[inner, inner]}</a>`).toEqual(new Html(
      `<a title="&quot;">${'<b>&lt;&amp;&gt;&quot;&#39;</b>'.repeat(3)}</a>`,
    ))
  })
})

describe('pages', () => {
  it('have a text for every problem in every language', () => {
    for (const language of LANGUAGES) {
      for (const code of Object.keys(PROBLEM_STATUS) as ProblemCode[]) {
        const [title, detail] = PROBLEM_TEXTS[language][code]
        const page = problemPage({ language, isDemo: false, title, detail, hasHome: true })
        expect(page).toContain(title)
        expect(page).not.toContain('undefined')
      }
    }
  })

  it('escape what they are given', () => {
    const page = receiptPage({ language: 'en', isDemo: false, state: 'stored', receipt: '<script>' })
    expect(page).not.toContain('<script')
  })

  it('never use words that mean reporting to authorities', () => {
    const texts = JSON.stringify(PROBLEM_TEXTS) + LANGUAGES.map((language) => receiptPage({ language, isDemo: true, state: 'accepted', receipt: '' })).join('')
    expect(texts).not.toMatch(/举报|신고|线人/)
  })
})
