import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import { otherTraditionalForms } from './chinese-forms.ts'
import { makeWordTable } from './word-table.ts'

// The traditional list of BIP39 holds, at each position, the traditional form of the character at
// that position of the simplified list.
export const chineseTable = makeWordTable('zh', simplified, (word, index) => [
  traditional[index] ?? word,
  ...(otherTraditionalForms.get(word) ?? []),
])
