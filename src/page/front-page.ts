import { h } from 'preact'
import { renderToStaticMarkup } from 'preact-render-to-string'
import { textsOf } from './all-texts.ts'
import { LANGUAGE_TAGS, type Language } from './languages.ts'
import { Front } from './view/front.ts'
import { PAGE_NAME } from './view/frame.ts'

/** The languages with words for the front page. The first is the default. */
export const FRONT_LANGUAGES = ['en', 'ko', 'zh'] as const satisfies readonly Language[]

/**
 * The page's Content-Security-Policy. A server also sends it as a header, together with
 * `frame-ancestors`, which only a header can set.
 */
export const FRONT_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"

export interface FrontPageOptions {
  language: (typeof FRONT_LANGUAGES)[number]
  /** The onion address, `….onion`. */
  onion: string
  /** The path from the page to the folder with `style.css`: `./` or `../`. */
  up: string
  /** The path on the onion service of the page that Tor Browser offers instead. */
  onionPath: string
}

/** Writes a whole document for the open web. */
export function frontPage({ language, onion, up, onionPath }: FrontPageOptions): string {
  const texts = textsOf(language)
  const page = h(
    'html',
    { lang: LANGUAGE_TAGS[language] },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'content-security-policy', content: FRONT_POLICY }),
      h('meta', { 'http-equiv': 'onion-location', content: `http://${onion}${onionPath}` }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, PAGE_NAME),
      h('link', { rel: 'icon', href: `${up}icon.svg`, type: 'image/svg+xml' }),
      h('link', { rel: 'stylesheet', href: `${up}style.css` }),
    ),
    h(
      'body',
      null,
      h(Front, {
        texts,
        languages: FRONT_LANGUAGES,
        onion,
        hrefOf: (other) => `${up}${other}/`,
        qrHref: `${up}onion.svg`,
      }),
    ),
  )
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}
