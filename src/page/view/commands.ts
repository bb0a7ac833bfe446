import { h, type ComponentChild } from 'preact'

/**
 * Commands to be typed, one a line. On a narrow screen a word is never broken at a hyphen: a person
 * who copies by hand would type `-- consent`.
 */
export function Commands({ lines }: { lines: readonly string[] }): ComponentChild {
  return h(
    'pre',
    { dir: 'ltr' },
    lines.map((line) => h('code', null, line.split(/( )/).map(unbroken))),
  )
}

const unbroken = (word: string): ComponentChild =>
  word.includes('-') ? h('span', { class: 'unbroken' }, word) : word
