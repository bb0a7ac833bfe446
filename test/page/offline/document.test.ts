import { describe, expect, it } from 'vitest'
import { offlineSealerPage } from '../../../src/page/offline/document.ts'

const parts = {
  language: 'ko' as const,
  script: 'run()',
  style: 'p{}',
  policy: `default-src 'none'`,
  trust: { keyring: 'a2V5', signature: 'c2ln', rootKey: 'RWroot' },
}

describe('offlineSealerPage', () => {
  it('is one file that refers to no other', () => {
    const page = offlineSealerPage(parts)
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`,
    )
    expect(page).toContain('<div id="page" data-language="ko">')
    expect(page).not.toMatch(/\ssrc=|<link|https?:\/\//)
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'))
  })

  it('says in three languages what to do when scripts are off', () => {
    for (const language of ['en', 'ko', 'zh-Hans'])
      expect(offlineSealerPage(parts)).toContain(`<p lang="${language}">`)
  })

  it.each([
    ['script', { script: `'</script>'` }],
    ['script', { script: `'</SCRIPT '` }],
    ['script', { script: `'<script'` }],
    ['script', { script: `'<!--'` }],
    ['style', { style: '</style>' }],
  ])('throws when the %s would end its own element', (_what, change) => {
    expect(() => offlineSealerPage({ ...parts, ...change })).toThrow('cannot be put into one file')
  })
})
