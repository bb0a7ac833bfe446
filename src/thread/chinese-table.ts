import { otherTraditionalForms } from './chinese-forms.ts'
import { simplified } from './chinese-simplified.ts'
import { traditional } from './chinese-traditional.ts'
import { makeWordTable } from './word-table.ts'

// The traditional list of BIP39 holds, at each position, the traditional form of the character at
// that position of the simplified list.
export const chineseTable = makeWordTable('zh', simplified, (word, index) => [
  traditional[index] ?? word,
  ...(otherTraditionalForms.get(word) ?? []),
])
