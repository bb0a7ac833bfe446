import { h, type ComponentChild } from 'preact'
import type { Spoken } from '../texts.ts'
import { Commands } from './commands.ts'
import { answersOf } from './frame.ts'
import { fill, ForeignNote, items, languageAttributes, languageOfGroup } from './wording.ts'

/** The words are read from a file, because a command line stays in the shell's history. */
const command =
  'tumen answers --words-file words.txt --to http://ADDRESS.onion --socks5 127.0.0.1:9150'

/**
 * The page for answers until scripts replace it. Without scripts it stays: a page can open an
 * answer only with a script, and the offline page can do so without this server.
 */
export function AnswersPage({
  texts,
}: {
  texts: Spoken<'answers' | 'form' | 'withoutScript'>
}): ComponentChild {
  const { safest, heading, privacy } = texts.answers
  const { language } = texts
  const lines = safest.lines.map((line) => fill(line, { link: texts.form.returning }))
  return h(
    'div',
    { class: 'answers', ...languageOfGroup(texts, 'answers') },
    h(ForeignNote, { texts, group: 'answers' }),
    h('h1', null, heading),
    h(
      'p',
      { class: 'loading', role: 'status', ...languageAttributes(language) },
      texts.withoutScript.loading,
    ),
    h(
      'section',
      { class: 'card without-script', 'aria-labelledby': 'safest' },
      h('h2', { id: 'safest' }, safest.heading),
      h('ol', null, items(lines)),
      h(
        'p',
        { class: 'actions' },
        h(
          'a',
          { class: 'button', href: '/replies/newest.tar', download: 'newest.tar' },
          safest.fetch,
        ),
        h(
          'a',
          {
            class: 'button button-quiet',
            href: `/offline-sealer.html?lang=${language}`,
            download: 'page.html',
          },
          safest.offline,
        ),
      ),
      h('p', null, safest.command),
      h(Commands, { lines: [command] }),
      h('p', { class: 'hint' }, privacy),
    ),
  )
}

/** The way to the answers, on pages that no script draws. */
export function Returning({ texts }: { texts: Spoken<'form'> }): ComponentChild {
  return h(
    'p',
    { class: 'returning', ...languageOfGroup(texts, 'form') },
    h('a', { href: answersOf(texts.language) }, texts.form.returning),
  )
}
