/** Texts in groups and lists. */
export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree }

/**
 * Words that the page must avoid: words for reporting to authorities or for informers, and
 * technical words where plain ones exist.
 */
export const avoided: Readonly<Record<string, readonly string[]>> = {
  en: [
    'encrypt',
    'decrypt',
    'metadata',
    'informant',
    'whistleblow',
    'submission',
    'snitch',
    'tip-off',
  ],
  ko: [
    '신고',
    '제보',
    '메타데이터',
    '암호화',
    '복호화',
    '업로드',
    '링크',
    '네트워크',
    '고발',
    '밀고',
    '고자질',
    '밀정',
    '정보원',
    '간첩',
    '첩보',
  ],
  zh: [
    '举报',
    '线人',
    '告密',
    '加密',
    '解密',
    '元数据',
    '检举',
    '密报',
    '揭发',
    '告发',
    '上报',
    '特务',
    '内线',
  ],
  ru: ['шифр', 'донос', 'донес', 'осведомител', 'информатор', 'стукач'],
  ug: ['شىفىر', 'پاش قىل', 'پايلاقچى', 'خەۋەرچى', 'چېقىمچى', 'جاسۇس', 'ئىشپىيون'],
  bo: ['གསང་གྲངས', 'ཉུལ་མ', 'སོ་པ'],
}

/** Names of programs, which are the same in every language. */
const names = new Set(['age', 'tumen', 'Tumen'])

/** The faults of a language's texts, each with its path: `ko frame.home: missing`. */
export function complaintsAbout(language: string, own: Tree, reference: Tree): string[] {
  return complaintsAt({ language, path: [] }, own, reference)
}

interface Place {
  language: string
  path: readonly string[]
}

function complaintsAt(place: Place, own: Tree | undefined, reference: Tree | undefined): string[] {
  const say = (what: string): string[] => [`${place.language} ${place.path.join('.')}: ${what}`]
  if (own === undefined) return say('missing')
  if (reference === undefined) return say('not in English')
  if (typeof own === 'string' && typeof reference === 'string')
    return wordsOf(place.language, own, reference).flatMap(say)
  if (typeof own === 'string' || typeof reference === 'string') return say('of another shape')
  const [ours, theirs] = [own, reference] as Record<string, Tree>[] as [
    Record<string, Tree>,
    Record<string, Tree>,
  ]
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])]
  return keys.flatMap((key) =>
    complaintsAt({ ...place, path: [...place.path, key] }, ours[key], theirs[key]),
  )
}

function wordsOf(language: string, own: string, reference: string): string[] {
  if (own.trim() === '') return ['empty']
  if (own === reference && language !== 'en' && !names.has(own)) return ['as in English']
  const [ours, theirs] = [placeholders(own), placeholders(reference)]
  const said = (avoided[language] ?? [])
    .filter((word) => own.toLowerCase().includes(word))
    .map((word) => `says ${word}`)
  return ours === theirs ? said : [`placeholders ${ours} instead of ${theirs}`, ...said]
}

function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+\}|`[^`]*`/g))].sort().join(' ')
}
